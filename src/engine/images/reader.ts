import { setUpSharp } from './decode.ts';
import { serveReads } from './read-loop.ts';
import { performTask } from './read-task.ts';

// The reader process: touches other people's files, so it may hang or crash, and is then replaced.
setUpSharp();
serveReads(performTask);
