import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { storeError, type Db } from './sqlite.ts';
import { openLedger } from './store.ts';

/**
 * A store without a project around it, gone when the work is done. On the disk, not in memory: a million rows are too much for
 * that. Throws `disk-full` and `cannot-write` about the folder for temporary files, and what `work` throws.
 */
export async function withTemporaryLedger<Result>(work: (db: Db) => Promise<Result>): Promise<Result> {
  const place = os.tmpdir();
  try {
    const folder = await fs.mkdtemp(path.join(place, 'lenet-studio-'));
    try {
      const db = openLedger(path.join(folder, 'ledger.sqlite'));
      try {
        return await work(db);
      } finally {
        db.close();
      }
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    throw storeError(error, place);
  }
}
