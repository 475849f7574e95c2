import { baseName } from '../files/names.ts';
import { setUpSharp } from './decode.ts';
import { serveReads } from './read-loop.ts';
import { performTask } from './read-task.ts';

// A reader that hangs or crashes at files of certain names, for tests; it reads all others as it should.
setUpSharp();
serveReads(async (path, task) => {
  const name = baseName(path).toString();
  if (name.startsWith('hang')) for (;;);
  if (name.startsWith('wait')) await new Promise(() => undefined);
  if (name.startsWith('crash')) process.kill(process.pid, 'SIGSEGV');
  if (name.startsWith('exit')) process.exit(7);
  if (name.startsWith('throw')) throw new TypeError('not caught');
  return performTask(path, task);
});
