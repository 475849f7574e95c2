import type { ConfusionMatrix } from '../../../shared/domain.ts';
import type { MatrixMode } from '../../../shared/statistics/matrix.ts';
import { MATRIX_COLOURS, matrixFigure, type MatrixWords } from '../../../shared/statistics/matrix-figure.ts';
import { pngOf } from '../../app/png.ts';
import { tokenValue } from '../../charts/palette.ts';

/** Pixels of the picture per pixel of the figure. */
const SCALE = 2;

/** A confusion matrix as a PNG. */
export function matrixPng(counts: ConfusionMatrix, mode: MatrixMode, words: MatrixWords): Promise<Blob> {
  const { width, height, cells, texts } = matrixFigure(counts, mode, words);
  const page = document.createElement('canvas');
  Object.assign(page, { width: width * SCALE, height: height * SCALE });
  const context = page.getContext('2d')!;
  context.scale(SCALE, SCALE);
  context.fillStyle = MATRIX_COLOURS.paper;
  context.fillRect(0, 0, width, height);
  for (const { x, y, size, fill, stroke } of cells) {
    context.beginPath();
    context.roundRect(x + 0.5, y + 0.5, size - 1, size - 1, 3);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = stroke;
    context.stroke();
  }
  context.fillStyle = MATRIX_COLOURS.text;
  context.textBaseline = 'middle';
  for (const { x, y, text, size, bold, middle } of texts) {
    context.font = `${bold ? 600 : 400} ${size}px ${tokenValue('--font')}`;
    context.textAlign = middle ? 'center' : 'left';
    context.fillText(text, x, y);
  }
  return pngOf(page);
}
