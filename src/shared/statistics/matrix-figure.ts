import { CLASSES, type ConfusionMatrix } from '../domain.ts';
import { cellValue, matrixCells, type MatrixMode } from './matrix.ts';

/** What a picture of a confusion matrix is made of, in pixels; painters differ. */
export interface MatrixFigure {
  width: number;
  height: number;
  cells: { x: number; y: number; size: number; fill: string; stroke: string }[];
  texts: { x: number; y: number; text: string; size: number; bold: boolean; middle: boolean }[];
}

export interface MatrixWords {
  title: string;
  /** What rows and columns are. */
  note: string;
  /** A share in percent, without its sign. */
  percent(share: number): string;
}

const SIZE = 40;
const GAP = 2;
const MARGIN = 16;
const HEAD = 60;
const LABELS = 24;
/** Paper, frame and the colour of mistakes: a picture that is saved has colours of its own. */
export const MATRIX_COLOURS = { paper: '#ffffff', frame: '#c9ced6', empty: '#f1f3f6', text: '#16191d' };
const MISTAKE = [0xd5, 0x5e, 0x00];

/** Mistakes from a light to a full orange, which all kinds of colour vision tell from white. */
const mistakeColour = (intensity: number): string => {
  const mix = 0.08 + 0.52 * intensity;
  return `#${MISTAKE.map((part) =>
    Math.round(255 + (part - 255) * mix)
      .toString(16)
      .padStart(2, '0'),
  ).join('')}`;
};

/** Lays out a confusion matrix: title, digits along both sides, 10 x 10 cells. */
export function matrixFigure(counts: ConfusionMatrix, mode: MatrixMode, words: MatrixWords): MatrixFigure {
  const left = MARGIN + LABELS;
  const top = MARGIN + HEAD;
  const at = (index: number): number => index * (SIZE + GAP);
  const text = (x: number, y: number, words: string, more: object = {}): MatrixFigure['texts'][number] => ({
    ...{ x, y, text: words, size: 13, bold: false, middle: true },
    ...more,
  });
  const figure: MatrixFigure = {
    width: left + at(CLASSES) + MARGIN,
    height: top + at(CLASSES) + MARGIN,
    cells: [],
    texts: [
      text(MARGIN, MARGIN + 8, words.title, { size: 15, bold: true, middle: false }),
      text(MARGIN, MARGIN + 26, words.note, { size: 11, middle: false }),
    ],
  };
  for (let digit = 0; digit < CLASSES; digit++) {
    const middle = at(digit) + SIZE / 2;
    figure.texts.push(text(left + middle, top - 10, String(digit), { bold: true }));
    figure.texts.push(text(MARGIN + LABELS / 2, top + middle, String(digit), { bold: true }));
  }
  for (const cell of matrixCells(counts, mode).flat()) {
    const [x, y] = [left + at(cell.predicted), top + at(cell.label)];
    const diagonal = cell.label === cell.predicted;
    const fill = diagonal
      ? MATRIX_COLOURS.paper
      : cell.count === 0
        ? MATRIX_COLOURS.empty
        : mistakeColour(cell.intensity);
    figure.cells.push({ x, y, size: SIZE, fill, stroke: diagonal ? MATRIX_COLOURS.frame : fill });
    if (cell.count > 0)
      figure.texts.push(
        text(
          x + SIZE / 2,
          y + SIZE / 2,
          mode === 'counts' ? String(cell.count) : words.percent(cellValue(cell, mode)),
        ),
      );
  }
  return figure;
}
