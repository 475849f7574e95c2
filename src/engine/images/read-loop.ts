import { Worker } from 'node:worker_threads';
import { CELL_DESCRIPTOR, writeProgress } from './progress-cell.ts';
import { packAnswer, type ReaderTask, type ReadRequest, type TaskOutcome } from './reader-protocol.ts';

export type ReadOne = (path: Buffer, task: ReaderTask) => Promise<TaskOutcome>;

/** Answers the parent's requests one after the other, and ends with the parent. */
export function serveReads(readOne: ReadOne): void {
  let last = Promise.resolve();
  let known: Uint32Array = new Uint32Array();
  process.on('message', (request: ReadRequest) => {
    last = last.then(() => {
      const { task } = request;
      if (task.kind !== 'new') return answer(request, task, readOne);
      known = task.known ?? known;
      return answer(request, { ...task, known }, readOne);
    });
  });
  process.on('disconnect', () => process.exit());
  // Ctrl+C in a terminal reaches every process of its group; what it means is the parent's to say.
  process.on('SIGINT', () => undefined);
  new Worker(WATCH_PARENT, { eval: true, workerData: Number(process.argv[2]) });
}

/** A thread of its own, because a reader that hangs in native code never hears that its parent is gone. */
const WATCH_PARENT = `
  const { workerData: parent } = require('node:worker_threads');
  const isThere = () => {
    try {
      return process.kill(parent, 0);
    } catch {
      return false;
    }
  };
  setInterval(() => {
    if (process.ppid !== parent || !isThere()) process.kill(process.pid, 'SIGKILL');
  }, 500);
`;

async function answer({ chunk, paths }: ReadRequest, task: ReaderTask, readOne: ReadOne): Promise<void> {
  const outcomes: TaskOutcome[] = [];
  const began = performance.now();
  for (const [index, path] of paths.entries()) {
    writeProgress(CELL_DESCRIPTOR, { chunk, index });
    const bytes = Buffer.from(path.buffer, path.byteOffset, path.byteLength);
    outcomes.push(await readOne(bytes, task).catch(unexpected));
  }
  // A parent that is gone needs no answer, and its end ends this process.
  process.send?.(packAnswer(chunk, outcomes, performance.now() - began), () => undefined);
}

/** Reading does not throw because of a file; should it ever, the file has its row all the same. */
const unexpected = (error: unknown): TaskOutcome => ({
  status: 'failed',
  reason: { code: 'read-error', params: { detail: error instanceof Error ? error.name : 'unknown' } },
});
