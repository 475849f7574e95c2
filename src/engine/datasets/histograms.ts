import type { Histograms, MeasureBar } from '../../shared/contract/index.ts';
import type { Split } from '../../shared/domain.ts';
import { idWindows } from '../batches/id-windows.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import { inkOfTile, LARGER_SIDE } from './measures.ts';
import { checkDataSet } from './store.ts';

const CHUNK = 2_000;
/** Thousandths of full ink: the last bar has all above. */
const INK_STEP = 50;
const BARS = 10;

interface Group {
  split: Split;
  ink: number | null;
  side: number | null;
  count: number;
}

/**
 * Digits of a data set by ink and by the size of their pictures, excluded ones left out. Those that were never measured are measured first, which is
 * kept unless `readOnly`. Throws `unknown-id`, `cancelled`.
 */
export async function dataHistograms(
  db: Db,
  dataSetId: number,
  { readOnly = false, signal }: { readOnly?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<Histograms> {
  checkDataSet(db, dataSetId);
  if (!readOnly) await measureDigits(db, dataSetId, signal);
  const groups = sql<Group>(
    db,
    `SELECT split, MIN(ink / ${INK_STEP}, ${BARS - 1}) AS ink, side, COUNT(*) AS count FROM digit
     WHERE id >= :from AND id < :to AND +data_set_id = :dataSetId AND excluded = 0 GROUP BY 1, 2, 3`,
  );
  const ink = Array.from({ length: BARS }, (_, bar) =>
    emptyBar(bar * INK_STEP, bar === BARS - 1 ? 1001 : (bar + 1) * INK_STEP),
  );
  const sides = new Map<number, MeasureBar>();
  let unmeasured = 0;
  for await (const window of idWindows(db, 'digit', dataSetId)) {
    checkCancelled(signal);
    for (const group of groups.all({ ...window, dataSetId })) {
      if (group.ink === null) unmeasured += group.count;
      else ink[group.ink]![group.split] += group.count;
      if (group.side === null) continue;
      const bar = sides.get(group.side) ?? emptyBar(group.side, group.side + 1);
      bar[group.split] += group.count;
      sides.set(group.side, bar);
    }
  }
  return { ink, side: joined([...sides.values()].sort((a, b) => a.from - b.from)), unmeasured };
}

const emptyBar = (from: number, to: number): MeasureBar => ({ from, to, train: 0, test: 0, unlabelled: 0 });

/** A bar for each size while these are few, else bars of equal width over all of them. */
function joined(sizes: readonly MeasureBar[]): MeasureBar[] {
  if (sizes.length <= BARS) return [...sizes];
  const [least, end] = [sizes[0]!.from, sizes.at(-1)!.to];
  const width = Math.ceil((end - least) / BARS);
  const bars = Array.from({ length: Math.ceil((end - least) / width) }, (_, bar) =>
    emptyBar(least + bar * width, least + (bar + 1) * width),
  );
  for (const { from, train, test, unlabelled } of sizes) {
    const bar = bars[Math.floor((from - least) / width)]!;
    bar.train += train;
    bar.test += test;
    bar.unlabelled += unlabelled;
  }
  return bars;
}

/** Measures what an import did not: digits of older projects, and those that came from a batch. Safe to stop anywhere. */
async function measureDigits(db: Db, dataSetId: number, signal: AbortSignal | undefined): Promise<void> {
  const next = sql<{ id: number; pixels: Buffer }>(
    db,
    `SELECT id, pixels FROM digit INDEXED BY digit_unmeasured CROSS JOIN digit_tile ON digit_id = id
     WHERE data_set_id = ? AND ink IS NULL ORDER BY id LIMIT ${CHUNK}`,
  );
  const keep = sql(db, `UPDATE digit SET ink = ?, side = ${LARGER_SIDE} WHERE id = ?`);
  for (;;) {
    checkCancelled(signal);
    const rows = next.all(dataSetId);
    if (rows.length === 0) return;
    transact(db, () => rows.forEach(({ id, pixels }) => keep.run(inkOfTile(pixels), id)));
    await breathe();
  }
}
