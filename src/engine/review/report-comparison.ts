import type { Confusion, Run } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import type { Formats, Messages } from '../../shared/messages/index.ts';
import { verdict } from '../../shared/messages/verdict.ts';
import { escaped } from '../../shared/models/svg.ts';
import { classFigures, cohenKappa, macroMeans } from '../../shared/statistics/agreement.ts';
import { changedCells, type ChangedCell } from '../../shared/statistics/changed-cells.ts';
import { correctCount } from '../../shared/statistics/matrix.ts';
import { listRuns } from '../project/runs.ts';
import type { Db } from '../project/sqlite.ts';
import { compareRuns } from '../training/compare.ts';
import { confusion } from './confusion.ts';
import { batchRejectCurve } from './reject-curve.ts';
import { rejectsSection } from './report-rejects.ts';
import { digitsSection, head, row } from './report-parts.ts';

/** A run and the one that repeats its recipe; both have a model. */
export interface RetrainedPair {
  before: Run;
  after: Run;
}

/** What came of the model that read a batch: the newest that was trained again from its recipe, or else it is itself such a one. Null for neither. */
export function retrainedPair(db: Db, modelId: number): RetrainedPair | null {
  const runs = listRuns(db).filter((run) => run.modelId !== null);
  const own = runs.find((run) => run.modelId === modelId);
  if (!own) return null;
  const after = runs.find(({ retrainOf }) => retrainOf === own.id);
  if (after) return { before: own, after };
  const before = runs.find(({ id }) => id === own.retrainOf);
  return before ? { before, after: own } : null;
}

/** Before and after on the same test digits: whether it is more than chance, figures, what changes in the confusion matrix, and the digits that changed. */
export async function retrainedSection(
  db: Db,
  { before, after }: RetrainedPair,
  t: Messages,
  format: Formats,
): Promise<string> {
  const words = t.report;
  const title = `<h2>${escaped(words.retrained(words.quoted(before.name), words.quoted(after.name)))}</h2>`;
  const { runs, differences } = compareRuns(db, [before.id, after.id], after.dataSetId, () => null);
  const [old, now] = runs.map(({ batchId }) => batchId);
  if (old == null || now == null) return `<section>${title}<p>${escaped(words.notMeasured)}</p></section>`;
  const alone = (run: Run): number => differences.find(({ right }) => right === run.id)!.count;
  const [was, is] = [confusion(db, old), confusion(db, now)];
  const curves = [
    { name: words.before, points: await batchRejectCurve(db, old) },
    { name: words.after, points: await batchRejectCurve(db, now) },
  ];
  const says = verdict(
    t.runs.compare,
    format,
    { name: words.quoted(before.name), alone: alone(before) },
    { name: words.quoted(after.name), alone: alone(after) },
  );
  const caption = ({ label, predicted }: { label: number | null; predicted: number | null }): string =>
    t.runs.compare.caption(label ?? 0, predicted ?? 0);
  const fixed = { kind: 'difference', right: now, wrong: old } as const;
  const broken = { kind: 'difference', right: old, wrong: now } as const;
  return [
    `<section>${title}<p>${escaped(words.measuredOn(format.count(is.labelled), after.dataSetName))}</p>`,
    `<p class="verdict">${escaped(says)}</p>${figures(was, is, t, format)}</section>`,
    `<section><h2>${escaped(words.matrixChange)}</h2><p>${escaped(t.runs.compare.matrixNote)}; ${escaped(t.runs.compare.matrixDifferenceNote)}</p>`,
    `${matrix(was, is, t, format)}</section>`,
    rejectsSection(curves, t, format),
    await digitsSection(db, fixed, words.fixed, caption, words, format),
    await digitsSection(db, broken, words.broken, caption, words, format),
  ].join('\n');
}

function figures(was: Confusion, is: Confusion, t: Messages, format: Formats): string {
  const { review, report: words } = t;
  const share = (value: number | null): string => (value === null ? '–' : format.percent(value, 2));
  const figure = (value: number | null): string => (value === null ? '–' : format.number(value, 4));
  const both = (name: string, of: (one: Confusion) => string): string => row([name, of(was), of(is)]);
  const means = ({ counts }: Confusion) => macroMeans(classFigures(counts));
  return `<table>${head(['', words.before, words.after])}<tbody>${[
    both(review.figures.accuracy, ({ accuracy }) => share(accuracy)),
    both(review.figures.misclassified, ({ labelled, counts }) =>
      format.count(labelled - correctCount(counts)),
    ),
    both(words.means.precision, (one) => share(means(one).precision)),
    both(words.means.recall, (one) => share(means(one).recall)),
    both(words.means.f1, (one) => share(means(one).f1)),
    both(words.kappa, ({ counts }) => figure(cohenKappa(counts))),
  ].join('')}</tbody></table>`;
}

const digits = Array.from({ length: CLASSES }, (_, digit) => String(digit));

/** As in the window: blue is better, orange worse, and the sign says which way. */
const BETTER = '0, 114, 178';
const WORSE = '213, 94, 0';

function matrix(was: Confusion, is: Confusion, t: Messages, format: Formats): string {
  const rows = changedCells(was.counts, is.counts).map((cells, label) => {
    const written = cells.map((cell, predicted) => cellOf(cell, label, predicted, t, format));
    return `<tr><th scope="row">${label}</th>${written.join('')}</tr>`;
  });
  return `<table class="change">${head(['', ...digits])}<tbody>${rows.join('')}</tbody></table>`;
}

function cellOf(cell: ChangedCell, label: number, predicted: number, t: Messages, format: Formats): string {
  const { was, is, change, better, weight } = cell;
  const name = t.runs.compare.changedCell(label, predicted, format.count(was), format.count(is));
  const shade = (0.1 + 0.44 * weight).toFixed(2);
  const fill = change === 0 ? '' : ` style="background: rgba(${better ? BETTER : WORSE}, ${shade})"`;
  const signed = change === 0 ? '' : `${change > 0 ? '+' : '−'}${format.count(Math.abs(change))}`;
  return `<td${label === predicted ? ' class="diagonal"' : ''} title="${escaped(name)}"${fill}>${signed}</td>`;
}
