import type { NormalisationRecipe } from '../../shared/domain.ts';
import { walk } from '../files/walk.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { single, sql, transact, type Db } from '../project/sqlite.ts';
import { IdxFinder, readPair, type IdxPair, type IdxRecords } from './idx-folder.ts';
import { judgeRecord } from './import-idx.ts';
import { addDigit, checkDataSet } from './store.ts';

/** A record of an IDX file that was left out: `FILE#PLACE`, whichever of the two files it was for. */
export interface BadRecord {
  id: number;
  path: Buffer;
}

interface RetryRecords {
  db: Db;
  dataSetId: number;
  /** Of the set, the file system's bytes. */
  root: Buffer;
  recipe: NormalisationRecipe;
  rows: readonly BadRecord[];
  signal?: AbortSignal | undefined;
}

const CHUNK = 100;
const PLACE = /^(.*)#(\d+)$/s;

/**
 * Reads records of IDX files again, after the files were mended. One that gives a digit now takes its place in the set, and its row is gone; the
 * others keep theirs with the reason of today. Answers how many of a chunk gave one. Throws `data-damaged`, `unknown-id`, `cancelled`.
 */
export async function* retryRecords({
  db,
  dataSetId,
  root,
  recipe,
  rows,
  signal,
}: RetryRecords): AsyncGenerator<{ done: number; mended: number }, void, undefined> {
  const files = new Map<string, PairFile>();
  for (const pair of await pairsIn(root, signal)) {
    const file = { pair, records: null };
    files.set(pair.images.toString('latin1'), file);
    if (pair.labels) files.set(pair.labels.toString('latin1'), file);
  }
  for (let start = 0; start < rows.length; start += CHUNK) {
    checkCancelled(signal);
    const chunk = rows.slice(start, start + CHUNK);
    const found = chunk.map(({ path }) => placeOf(path, files));
    for (const place of found) if (place) place.file.records ??= await readPair(root, place.file.pair);
    checkDataSet(db, dataSetId);
    let mended = 0;
    transact(db, () => {
      chunk.forEach(({ id }, at) => {
        const place = found[at];
        const fileId = place ? imagesRow(db, dataSetId, place.file.pair) : undefined;
        if (!place || fileId === undefined) return leave(db, id, { code: 'vanished' });
        const { pair, records } = place.file;
        const judged = judgeRecord(pair, records!, place.position, recipe);
        if ('reason' in judged) return leave(db, id, judged.reason);
        // Two retries at once may both have read it.
        if (sql(db, `DELETE FROM data_file WHERE id = ? AND status <> 'done'`).run(id).changes === 0) return;
        addDigit(db, dataSetId, {
          fileId,
          position: place.position,
          split: judged.label === null ? 'unlabelled' : pair.split,
          ...judged,
        });
        mended++;
      });
    });
    yield { done: start + chunk.length, mended };
    await breathe();
  }
}

interface PairFile {
  pair: IdxPair;
  /** Null until one of its records is looked at. */
  records: IdxRecords | null;
}

/** The pairs as they lie there today. */
async function pairsIn(root: Buffer, signal: AbortSignal | undefined): Promise<IdxPair[]> {
  const finder = new IdxFinder();
  for await (const entries of walk(root, { signal }))
    for (const { path, outcome } of entries) if (outcome === 'file') finder.add(path);
  return (await finder.find(root))?.pairs ?? [];
}

/** Null when its file is not there, or has fewer records now. */
function placeOf(
  path: Buffer,
  files: ReadonlyMap<string, PairFile>,
): { file: PairFile; position: number } | null {
  const [, name, position] = PLACE.exec(path.toString('latin1')) ?? [];
  const file = name === undefined ? undefined : files.get(name);
  return file ? { file, position: Number(position) } : null;
}

const leave = (db: Db, id: number, reason: object): void =>
  void sql(db, `UPDATE data_file SET status = 'failed', reason = ? WHERE id = ? AND status <> 'done'`).run(
    JSON.stringify(reason),
    id,
  );

/** The row that stands for all records of a pair; undefined when its images have another name now. */
const imagesRow = (db: Db, dataSetId: number, { images }: IdxPair): number | undefined =>
  single(
    db,
    `SELECT id FROM data_file WHERE data_set_id = ? AND path = ? AND status = 'done'`,
    dataSetId,
    images,
  );
