import { confidenceBounds, type BatchSummary } from '../../shared/contract/batch-results.ts';
import { CLASSES, type FileStatus } from '../../shared/domain.ts';
import { checkCancelled } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { digitName } from './csv.ts';
import { idWindows } from './id-windows.ts';
import { ledgerRow } from './ledger.ts';

/** Folders that are listed at most. */
export const MOST_FOLDERS = 200;
/** Stretches that a batch is cut into. */
const PARTS = 24;

/** The folder that a file lies in, by its name as it is written; empty for the batch's own. */
export const folderOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('/')));

interface Row {
  id: number;
  path: Buffer;
  status: FileStatus;
  digit: number | null;
  confidence: number | null;
}

const none = { total: 0, done: 0, rejected: 0, failed: 0, skipped: 0 };
type Counts = typeof none;

/** Counts of a batch by folder, digit, confidence and course, in one pass over its ledger. Throws `unknown-id`, `cancelled`. */
export async function batchSummary(db: Db, batchId: number, signal?: AbortSignal): Promise<BatchSummary> {
  const { kind, total } = ledgerRow(db, batchId);
  const ofFiles = kind === 'folder';
  const rows = sql<Row>(
    db,
    ofFiles
      ? `SELECT file.id, path, status, digit, confidence FROM batch_file AS file LEFT JOIN batch_item ON file_id = file.id
         WHERE file.id >= :from AND file.id < :to AND +file.batch_id = :batchId ORDER BY file.id`
      : `SELECT item.id, x'' AS path, IIF(confidence < threshold, 'rejected', 'done') AS status, digit, confidence
         FROM batch_item AS item JOIN batch ON batch.id = item.batch_id
         WHERE item.id >= :from AND item.id < :to AND +item.batch_id = :batchId ORDER BY item.id`,
  );
  const digits = new Array<number>(CLASSES).fill(0);
  const bands = new Array<number>(confidenceBounds.length - 1).fill(0);
  const folders = new Map<string, Counts>();
  const parts: (Counts & { first: number; last: number })[] = [];
  const size = Math.max(1, Math.ceil(total / PARTS));
  let index = 0;
  let previous = 0;
  for await (const window of idWindows(db, ofFiles ? 'batch_file' : 'batch_item', batchId)) {
    checkCancelled(signal);
    for (const { id, path, status, digit, confidence } of rows.all({ ...window, batchId })) {
      if (digit !== null) {
        digits[digit]!++;
        bands[bandOf(confidence!)]!++;
      }
      // A further digit of the same file.
      if (id === previous) continue;
      previous = id;
      // Files that the listing added meanwhile belong to the last part.
      const at = Math.min(Math.floor(index++ / size), PARTS - 1);
      const part = (parts[at] ??= { first: id, last: id, ...none });
      part.last = id;
      count(part, status);
      if (!ofFiles) continue;
      const folder = folderOf(digitName(path, null));
      let counts = folders.get(folder);
      if (!counts) folders.set(folder, (counts = { ...none }));
      count(counts, status);
    }
  }
  const trouble = ({ rejected, failed }: Counts): number => rejected + failed;
  const listed = [...folders]
    .map(([folder, counts]) => ({ folder, ...counts }))
    .sort((a, b) => trouble(b) - trouble(a) || (a.folder < b.folder ? -1 : 1));
  return {
    folders: listed.slice(0, MOST_FOLDERS),
    moreFolders: Math.max(0, listed.length - MOST_FOLDERS),
    digits,
    bands,
    parts,
  };
}

function count(counts: Counts, status: FileStatus): void {
  counts.total++;
  if (status !== 'queued') counts[status]++;
}

function bandOf(confidence: number): number {
  let band = confidenceBounds.length - 2;
  while (band > 0 && confidence < confidenceBounds[band]!) band--;
  return band;
}
