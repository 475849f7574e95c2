import type { Confusion, SessionFigures } from '../../shared/contract/index.ts';
import {
  formatsFor,
  messagesFor,
  type Formats,
  type Language,
  type Messages,
} from '../../shared/messages/index.ts';
import { escaped } from '../../shared/models/svg.ts';
import { classFigures, cohenKappa, macroMeans } from '../../shared/statistics/agreement.ts';
import { correctCount } from '../../shared/statistics/matrix.ts';
import { getBatch } from '../batches/store.ts';
import type { Db } from '../project/sqlite.ts';
import { confusion } from './confusion.ts';
import { matrixSvg } from './export-matrix.ts';
import { retrainedPair, retrainedSection } from './report-comparison.ts';
import { rejectsSection } from './report-rejects.ts';
import { digitsSection, head, row } from './report-parts.ts';
import { batchRejectCurve } from './reject-curve.ts';
import { sessionFigures } from './session.ts';

const STYLE = `
body { max-width: 900px; margin: 32px auto; padding: 0 16px; color: #16191d; font: 14px/1.5 Inter, 'Noto Sans SC', system-ui, sans-serif; }
h1 { margin: 0; font-size: 22px; } h2 { margin: 28px 0 8px; font-size: 16px; } p { margin: 4px 0; color: #4d5763; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: 3px 12px 3px 0; text-align: right; font-weight: 400; }
th:first-child { text-align: left; } thead th { color: #4d5763; } tfoot { font-weight: 600; }
svg { max-width: 100%; height: auto; } .digits { display: flex; flex-wrap: wrap; gap: 10px; }
figure { margin: 0; break-inside: avoid; } figure img { display: block; width: 56px; image-rendering: pixelated; } figcaption { font-size: 11px; }
section { break-inside: avoid-page; }
.change { border-spacing: 2px; border-collapse: separate; } .change th, .change td { width: 36px; padding: 3px 0; text-align: center; } .change td { background: #f1f3f6; print-color-adjust: exact; }
.change .diagonal { outline: 1px solid #c9ced6; outline-offset: -1px; } .verdict { color: #16191d; font-weight: 600; }`;

/**
 * A batch and its review as one HTML file that stands alone: figures, confusion matrix, classes, error-reject curve, pace, the digits that were corrected or
 * rejected, as pictures, and what came of it where its model was trained again. Throws `unknown-id`.
 */
export async function reviewReport(db: Db, batchId: number, language: Language): Promise<string> {
  const [t, format] = [messagesFor(language), formatsFor(language)];
  const batch = getBatch(db, batchId);
  const found = confusion(db, batchId);
  const words = t.report;
  const facts = [
    words.source(batch.source),
    words.model(batch.modelName),
    words.made(format.dateTime(new Date())),
  ];
  const changed = await Promise.all(
    (['relabelled', 'rejected'] as const).map((decided) =>
      digitsSection(
        db,
        { kind: 'batch', batchId, order: 'doubt', decided },
        words.kinds[decided],
        ({ label, predicted }) =>
          decided === 'rejected'
            ? words.readAs(String(predicted))
            : words.corrected(String(predicted), String(label)),
        words,
        format,
      ),
    ),
  );
  const pair = retrainedPair(db, batch.modelId);
  const body = [
    `<h1>${escaped(words.title(batch.name))}</h1>`,
    ...facts.map((fact) => `<p>${escaped(fact)}</p>`),
    figures(found, sessionFigures(db, batchId), t, format),
    found.labelled > 0
      ? `<section><h2>${escaped(t.review.matrix.title)}</h2>${matrixSvg(batch.name, found, 'counts', language)}</section>${classes(found, t, format)}`
      : '',
    rejectsSection([{ name: batch.modelName, points: await batchRejectCurve(db, batchId) }], t, format),
    ...changed,
    pair === null ? '' : await retrainedSection(db, pair, t, format),
  ];
  return `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><title>${escaped(words.title(batch.name))}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"><style>${STYLE}</style></head>
<body>
${body.filter((part) => part !== '').join('\n')}
</body></html>
`;
}

function figures(found: Confusion, session: SessionFigures, t: Messages, format: Formats): string {
  const { report: words, review } = t;
  const wrong = found.labelled - correctCount(found.counts);
  const lines: [string, string][] = [
    [review.figures.labelled, format.count(found.labelled)],
    [review.figures.unlabelled, format.count(found.unlabelled)],
    [review.figures.misclassified, format.count(wrong)],
    [review.figures.accuracy, found.accuracy === null ? '–' : format.percent(found.accuracy, 2)],
    [words.decided, format.count(session.decided)],
    [words.changed, session.changed === null ? '–' : format.percent(session.changed, 1)],
    [words.perMinute, session.perMinute === null ? '–' : format.number(session.perMinute, 1)],
    [
      words.perDecision,
      session.secondsPerDecision === null ? '–' : words.seconds(format.number(session.secondsPerDecision, 1)),
    ],
  ];
  return `<section><h2>${escaped(words.figures)}</h2><table>${lines.map(row).join('')}</table></section>`;
}

function classes({ counts }: Confusion, t: Messages, format: Formats): string {
  const words = t.review.classes;
  const percent = (share: number | null): string => (share === null ? '–' : format.percent(share, 2));
  const all = classFigures(counts);
  const means = macroMeans(all);
  const kappa = cohenKappa(counts);
  const columns = [words.digit, words.precision, words.recall, words.f1, words.support];
  const rows = all.map(({ precision, recall, f1, support }, digit) =>
    row([String(digit), percent(precision), percent(recall), percent(f1), format.count(support)]),
  );
  const mean = row([words.mean, percent(means.precision), percent(means.recall), percent(means.f1), '']);
  return `<section><h2>${escaped(t.review.matrix.modes.classes)}</h2><table>
${head(columns)}
<tbody>${rows.join('')}</tbody><tfoot>${mean}</tfoot></table>
<p>${escaped(words.kappa(kappa === null ? '–' : format.number(kappa, 4)))}</p></section>`;
}
