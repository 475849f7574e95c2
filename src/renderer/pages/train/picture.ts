import type LineChart from '../../charts/LineChart.svelte';
import { pngOf } from '../../app/png.ts';
import { tokenValue } from '../../charts/palette.ts';

/** A chart of a picture that is saved. */
export interface CurvePicture {
  title: string;
  note: string;
  /** Absent while it is not drawn. */
  chart: LineChart | undefined;
}

/** Pixels of the picture per pixel of the page. */
const SCALE = 2;
const MARGIN = 16;
const HEAD = 26;

/** Charts as they are drawn now, in the colours of the theme, side by side under a heading, as a PNG. */
export async function curvesPng(heading: string, parts: readonly CurvePicture[]): Promise<Blob> {
  const pictures = parts.flatMap(({ title, note, chart }) =>
    chart === undefined ? [] : [{ title, note, canvas: chart.picture(SCALE) }],
  );
  const width = pictures.reduce((sum, { canvas }) => sum + canvas.width / SCALE + MARGIN, MARGIN);
  const height = Math.max(...pictures.map(({ canvas }) => canvas.height / SCALE)) + 2 * HEAD + 2 * MARGIN;
  const page = document.createElement('canvas');
  Object.assign(page, { width: Math.round(width * SCALE), height: Math.round(height * SCALE) });
  const context = page.getContext('2d')!;
  const family = tokenValue('--font');
  context.fillStyle = tokenValue('--surface');
  context.fillRect(0, 0, page.width, page.height);
  context.scale(SCALE, SCALE);
  context.textBaseline = 'top';
  context.font = `600 15px ${family}`;
  context.fillStyle = tokenValue('--text');
  context.fillText(heading, MARGIN, MARGIN, width - 2 * MARGIN);
  let x = MARGIN;
  for (const { title, note, canvas } of pictures) {
    const y = MARGIN + HEAD;
    const wide = canvas.width / SCALE;
    context.font = `600 12px ${family}`;
    context.fillStyle = tokenValue('--text');
    context.fillText(title, x, y);
    const after = context.measureText(title).width + 8;
    context.font = `12px ${family}`;
    context.fillStyle = tokenValue('--text-3');
    context.fillText(note, x + after, y, wide - after);
    context.drawImage(canvas, x, y + HEAD, wide, canvas.height / SCALE);
    x += wide + MARGIN;
  }
  return pngOf(page);
}
