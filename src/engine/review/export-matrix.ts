import type { Confusion } from '../../shared/contract/index.ts';
import { formatsFor, messagesFor, type Language } from '../../shared/messages/index.ts';
import { escaped } from '../../shared/models/svg.ts';
import { classFigures } from '../../shared/statistics/agreement.ts';
import type { MatrixMode } from '../../shared/statistics/matrix.ts';
import { MATRIX_COLOURS, matrixFigure, type MatrixFigure } from '../../shared/statistics/matrix-figure.ts';
import { csvField } from '../batches/csv.ts';

/**
 * A confusion matrix as CSV (UTF-8, LF): a row per label with the counts of each reading, then support, precision, recall and F1, which are
 * empty where there is nothing to divide by.
 */
export function matrixCsv(counts: Confusion['counts']): string {
  const figures = classFigures(counts);
  const head = [
    'label',
    ...counts.map((_, digit) => `read_as_${digit}`),
    'support',
    'precision',
    'recall',
    'f1',
  ];
  const rows = counts.map((row, label) => {
    const { support, precision, recall, f1 } = figures[label]!;
    return [label, ...row, support, ...[precision, recall, f1].map((share) => share?.toFixed(6) ?? '')];
  });
  return [head, ...rows].map((row) => `${row.map((cell) => csvField(String(cell))).join(',')}\n`).join('');
}

/** The same matrix as a picture that stands alone, in a language. */
export function matrixSvg(name: string, { counts }: Confusion, mode: MatrixMode, language: Language): string {
  const t = messagesFor(language).review.matrix;
  const figure = matrixFigure(counts, mode, {
    title: name,
    note: `${t.title} (${t.modes[mode]}): ${t.note}`,
    percent: (share) => formatsFor(language).number(100 * share, share >= 0.9995 ? 0 : 1),
  });
  return svgOf(figure, name);
}

const svgOf = ({ width, height, cells, texts }: MatrixFigure, title: string): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"` +
      ` font-family="Inter, 'Noto Sans SC', system-ui, sans-serif" fill="${MATRIX_COLOURS.text}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${MATRIX_COLOURS.paper}"/>`,
    ...cells.map(
      ({ x, y, size, fill, stroke }) =>
        `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="3" fill="${fill}" stroke="${stroke}"/>`,
    ),
    ...texts.map(
      ({ x, y, text, size, bold, middle }) =>
        `<text x="${x}" y="${y}" font-size="${size}"${bold ? ' font-weight="600"' : ''}` +
        `${middle ? ' text-anchor="middle"' : ''} dominant-baseline="central">${escaped(text)}</text>`,
    ),
    '</svg>\n',
  ].join('\n');
