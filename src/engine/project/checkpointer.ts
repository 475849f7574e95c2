import Database from 'better-sqlite3';
import { parentPort, workerData } from 'node:worker_threads';

/** Entry of the thread that moves the log of a database into it; see `Checkpoints`. An error ends it. */
const EVERY_MS = 100;
/** Passes in a turn: while one is made the writer goes on, and only a log that is wholly moved begins anew. */
const PASSES = 4;

interface Pass {
  busy: number;
  log: number;
  checkpointed: number;
}

const db = new Database(workerData as string, { fileMustExist: true });
db.pragma('synchronous = NORMAL');

function moveLog(): void {
  for (let pass = 0; pass < PASSES; pass++) {
    const [{ busy, log, checkpointed }] = db.pragma('wal_checkpoint(PASSIVE)') as [Pass];
    if (busy !== 0 || log === checkpointed) return;
  }
}

const turns = setInterval(moveLog, EVERY_MS);

parentPort!.once('message', () => {
  clearInterval(turns);
  db.close();
  parentPort!.close();
});
