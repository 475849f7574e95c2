import { setUpSharp } from './decode.ts';
import { readImageFile } from './read-image.ts';
import { serveReads } from './read-loop.ts';

// The reader process: touches other people's files, so it may hang or crash, and is then replaced.
setUpSharp();
serveReads(readImageFile);
