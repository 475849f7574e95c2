import type { Reason, ReasonCode } from '../../shared/errors.ts';
import type { DigestOutcome } from '../images/types.ts';
import { breathe } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { enterFiles, type QueuedFile } from './ledger.ts';
import type { Reading } from './reading.ts';
import { haveSameTemperature } from './temperature.ts';

/** What an earlier batch found in a file that has not changed. */
export interface EarlierFinding {
  reading: Reading;
  hash: string;
  width: number;
  height: number;
  note: Reason | null;
  tile: Uint8Array;
}

/** A file's row of the ledger with its digit and tile, where it has them. */
export interface EarlierRow {
  hash: string | null;
  width: number;
  height: number;
  reason: string | null;
  digit: number | null;
  confidence: number;
  second: number;
  secondConfidence: number;
  probabilities: Buffer;
  tile: Buffer | null;
}

/** Columns of `EarlierRow`, of `old` and what `EARLIER_DIGIT` joins. */
export const EARLIER = `lower(hex(old.content_hash)) AS hash, old.width, old.height, old.reason, digit, confidence, second,
  second_confidence AS secondConfidence, probabilities, pixels AS tile`;
export const EARLIER_DIGIT =
  'LEFT JOIN batch_item AS item ON item.file_id = old.id LEFT JOIN batch_tile ON item_id = item.id';

/**
 * What the batch that a batch repeats knows of some of its files: what it found in those that are as they were, by size and time of change or,
 * where they are given, by their digests; `changed` for those that are not. A file that gave no digit is not among them, it is read again.
 */
export function earlierFindings(
  db: Db,
  { batchId, againOf }: { batchId: number; againOf: number },
  files: readonly QueuedFile[],
  digests: readonly DigestOutcome[] | null = null,
): Map<number, EarlierFinding | 'changed'> {
  const statement = sql<EarlierRow & { same: 0 | 1 }>(
    db,
    `SELECT new.size IS old.size AND new.mtime_ns IS old.mtime_ns AS same, ${EARLIER}
     FROM batch_file AS new JOIN batch_file AS old ON old.batch_id = ? AND old.path = new.path ${EARLIER_DIGIT}
     WHERE new.id = ? AND old.status <> 'queued'`,
  );
  // Confidences by another temperature are others, also for the same digit.
  const lends = haveSameTemperature(db, batchId, againOf);
  const found = new Map<number, EarlierFinding | 'changed'>();
  for (const [index, { id }] of files.entries()) {
    const row = statement.get(againOf, id);
    if (!row) continue;
    // What gave no digit has no hash to compare.
    if (digests !== null && row.hash === null) continue;
    const same = digests === null ? row.same : hasDigest(digests[index]!, row.hash);
    if (!same) found.set(id, 'changed');
    else if (lends) {
      const finding = findingOf(row);
      if (finding) found.set(id, finding);
    }
  }
  return found;
}

const hasDigest = (outcome: DigestOutcome, hash: string | null): boolean =>
  outcome.status === 'done' && outcome.digest === hash;

/** What a batch says of a file, not what the file is. */
const OF_THAT_BATCH: ReadonlySet<string> = new Set<ReasonCode>([
  'changed-since',
  'below-threshold',
  'no-digit',
]);

/** Null: there was no digit, or its tile was not kept. */
export function findingOf(row: EarlierRow): EarlierFinding | null {
  const { hash, digit, tile } = row;
  if (digit === null || tile === null || !hash) return null;
  const { width, height, confidence, second, secondConfidence, probabilities } = row;
  const note = row.reason === null ? null : (JSON.parse(row.reason) as Reason);
  return {
    reading: { digit, confidence, second, secondConfidence, probabilities },
    hash,
    width,
    height,
    // It had changed by then, not since; and whether it is rejected is for this batch to say.
    note: note && OF_THAT_BATCH.has(note.code) ? null : note,
    tile,
  };
}

/** Rows at a time. */
const CHUNK = 1_000;

/**
 * Enters the files of the repeated batch that the listed folder does not hold any more, as skipped. Those in a folder that cannot be read now
 * may well be there.
 */
export async function enterGone(db: Db, batchId: number, againOf: number): Promise<void> {
  const closed = sql<{ path: Buffer }>(
    db,
    `SELECT path FROM batch_file WHERE batch_id = ? AND status = 'failed'
       AND reason ->> 'code' IN ('folder-permission-denied', 'folder-unreadable')`,
  )
    .all(batchId)
    .map(({ path }) => Buffer.concat([path, Buffer.from('/')]));
  const statement = sql<{ path: Buffer }>(
    db,
    `SELECT path FROM batch_file AS old WHERE batch_id = :againOf AND path > :last AND reason ->> 'code' IS NOT 'gone-since'
       AND NOT EXISTS (SELECT 1 FROM batch_file AS new WHERE new.batch_id = :batchId AND new.path = old.path)
     ORDER BY path LIMIT ${CHUNK}`,
  );
  const refused = { status: 'skipped', reason: { code: 'gone-since' } } as const;
  for (let last: Buffer = Buffer.alloc(0); ;) {
    const gone = statement.all({ againOf, batchId, last });
    if (gone.length === 0) return;
    last = gone.at(-1)!.path;
    const open = gone.filter(
      ({ path }) => !closed.some((folder) => path.subarray(0, folder.length).equals(folder)),
    );
    enterFiles(
      db,
      batchId,
      open.map(({ path }) => ({ path, size: null, mtimeNs: null, refused })),
    );
    await breathe();
  }
}
