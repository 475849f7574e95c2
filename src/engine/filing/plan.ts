import type { FilingAction, FilingCounts, FilingPart } from '../../shared/contract/filing.ts';
import { idWindows } from '../batches/id-windows.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { isBehindLink, realFile } from '../files/inside.ts';
import { baseName, joinBytes } from '../files/names.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { FreeNames } from './free-names.ts';
import type { ManifestLine } from './manifest.ts';
import { digestOf, type Digest } from './place.ts';

/**
 * The class folder of `file` with its `item`: what a person said of it, the digit that was read, or what became of it. What was doubted is set apart like what was
 * rejected.
 */
const FOLDER = `CASE WHEN decision IN ('rejected', 'doubted') THEN 'rejected'
  WHEN label IS NOT NULL AND (decision IS NOT NULL OR label IS NOT given_label) THEN label
  WHEN status = 'done' THEN digit ELSE status END`;
/** A folder that could not be listed is no file. */
const IS_FILED = `status IN ('done', 'rejected', 'failed') AND substr(path, -1) <> x'2f'`;

/** Rows at a time. */
const CHUNK = 1_000;

/** Files of a batch by the part that they belong to. Throws `unknown-id`. */
export async function filingCounts(db: Db, batchId: number): Promise<FilingCounts> {
  ledgerRow(db, batchId);
  const counts: FilingCounts = { digits: 0, rejected: 0, failed: 0 };
  const statement = sql<{ folder: string | number; count: number }>(
    db,
    `SELECT ${FOLDER} AS folder, COUNT(*) AS count FROM batch_file AS file LEFT JOIN batch_item ON file_id = file.id AND position = 0
     WHERE file.id >= :from AND file.id < :to AND +file.batch_id = :batchId AND ${IS_FILED} GROUP BY 1`,
  );
  for await (const window of idWindows(db, 'batch_file', batchId))
    for (const { folder, count } of statement.all({ ...window, batchId })) counts[partOf(folder)] += count;
  return counts;
}

const partOf = (folder: string | number): FilingPart =>
  folder === 'rejected' || folder === 'failed' ? folder : 'digits';

interface PlannedRow {
  path: Buffer;
  filed: 0 | 1;
  folder: string | number;
  hash: string | null;
}

/**
 * What is to become of a batch's files, in the order of their paths: each gets a name in its class folder that no other file has there.
 * Throws `unknown-id`, `cancelled`, `cannot-write`.
 */
export async function* filingPlan(
  db: Db,
  {
    batchId,
    parts,
    action,
    target,
  }: { batchId: number; parts: readonly FilingPart[]; action: FilingAction; target: string },
  signal?: AbortSignal,
): AsyncGenerator<ManifestLine[]> {
  const { root, followLinks } = ledgerRow(db, batchId);
  const source = { root: root!, action: followLinks === 1 ? action : null };
  const names = await FreeNames.in(target);
  const statement = sql<PlannedRow>(
    db,
    `SELECT path, filed, ${FOLDER} AS folder, lower(hex(content_hash)) AS hash
     FROM (SELECT id, path, status, content_hash, ${IS_FILED} AS filed FROM batch_file WHERE batch_id = ? AND path > ? ORDER BY path LIMIT ${CHUNK}) AS file
     LEFT JOIN batch_item ON file_id = file.id AND position = 0 ORDER BY path`,
  );
  for (let last: Buffer = Buffer.alloc(0); ;) {
    checkCancelled(signal);
    const rows = statement.all(batchId, last);
    if (rows.length === 0) return;
    last = rows.at(-1)!.path;
    const lines: ManifestLine[] = [];
    for (const { path, filed, folder, hash } of rows)
      if (filed && parts.includes(partOf(folder)))
        lines.push(await plannedLine(source, path, String(folder), hash, names));
    yield lines;
    await breathe();
  }
}

/** Where a batch's files are; with an action, links among them are followed. */
interface Source {
  root: Buffer;
  action: FilingAction | null;
}

async function plannedLine(
  source: Source,
  path: Buffer,
  folder: string,
  known: string | null,
  names: FreeNames,
): Promise<ManifestLine> {
  const name = baseName(path);
  const digest = await contentOf(source, path, known);
  if ('refused' in digest) return { path, folder, name, hash: '', state: digest.refused };
  return { path, folder, name: names.take(folder, name), ...digest, state: 'planned' };
}

/** What lies at a path, to be moved only if no link leads there. */
async function contentOf({ root, action }: Source, path: Buffer, known: string | null): Promise<Digest> {
  const place = joinBytes(root, path);
  if (action === 'move' && (await isBehindLink(root, path))) return { refused: 'behind-link' };
  if (known !== null && known !== '') return { hash: known };
  // What gave no digit was not hashed.
  if (action !== 'copy') return digestOf(place);
  const real = await realFile(place);
  return real === null ? { refused: 'broken-link' } : digestOf(real);
}
