import type { DigitRow } from '../../../shared/contract/index.ts';
import { TILE_SIDE } from '../../../shared/domain.ts';
import { rowsBetween, tileLeft, tileTop, type GridLayout } from './layout.ts';
import { PAGE_SIZE, type DigitPages } from './pages.ts';
import { placeInSheet } from './paint.ts';

/** What stands under a picture: at its left and at its right end. */
export type TileCaption = readonly [left: string, right?: string];

export interface DrawColours {
  accent: string;
  text: string;
  empty: string;
  font: string;
}

/** Read from the page's tokens, which change with the theme. */
export function coloursOf(element: Element): DrawColours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    accent: token('--accent'),
    text: token('--text-2'),
    empty: token('--sunken'),
    font: style.fontFamily,
  };
}

export interface DrawInput {
  layout: GridLayout;
  pages: DigitPages;
  /** CSS pixels. */
  scrollTop: number;
  width: number;
  height: number;
  /** Screen pixels per CSS pixel. */
  ratio: number;
  /** Has the ring around it; null for none. */
  selected: number | null;
  /** Has a ring as well. */
  marked: (index: number) => boolean;
  /** The keys go to it: a stronger ring. */
  focused: boolean;
  caption: ((row: DigitRow) => TileCaption) | undefined;
  colours: DrawColours;
}

/** Distance and width of the selection ring, in CSS pixels, outside the picture. */
const RING = { gap: 2, width: 2, focused: 4 };

/** Paints the digits in view, in screen pixels, so that none of a digit's pixels is wider than its neighbour. */
export function drawGrid(context: CanvasRenderingContext2D, input: DrawInput): void {
  const { layout, scrollTop, width, height, ratio, selected, focused, colours } = input;
  const px = (css: number): number => Math.round(css * ratio);
  context.clearRect(0, 0, px(width), px(height));
  context.imageSmoothingEnabled = false;
  context.font = `${11 * ratio}px ${colours.font}`;
  context.textBaseline = 'top';
  const { first, last } = rowsBetween(layout, scrollTop, height);
  const side = px(layout.tile);
  const end = Math.min(layout.count, last * layout.columns);
  for (let index = first * layout.columns; index < end; index++) {
    const x = px(tileLeft(layout, index));
    const y = px(tileTop(layout, index) - scrollTop);
    const page = input.pages.page(index);
    const row = input.pages.row(index);
    if (page === null || row === null) {
      context.fillStyle = colours.empty;
      context.fillRect(x, y, side, side);
    } else {
      const from = placeInSheet(index % PAGE_SIZE);
      context.drawImage(page.sheet.canvas, from.x, from.y, TILE_SIDE, TILE_SIDE, x, y, side, side);
      if (input.caption) drawCaption(context, input.caption(row), { x, y: y + side + px(4), side, colours });
    }
    const own = index === selected;
    if (own || input.marked(index))
      drawRing(context, { x, y, side, ratio, focused: own && focused, colours });
  }
}

function drawCaption(
  context: CanvasRenderingContext2D,
  [left, right = '']: TileCaption,
  at: { x: number; y: number; side: number; colours: DrawColours },
): void {
  context.fillStyle = at.colours.text;
  context.textAlign = 'left';
  context.fillText(left, at.x, at.y, at.side);
  if (right === '') return;
  context.textAlign = 'right';
  context.fillText(right, at.x + at.side, at.y, at.side);
}

function drawRing(
  context: CanvasRenderingContext2D,
  at: { x: number; y: number; side: number; ratio: number; focused: boolean; colours: DrawColours },
): void {
  const line = Math.round((at.focused ? RING.focused : RING.width) * at.ratio);
  const out = Math.round(RING.gap * at.ratio) + line / 2;
  context.strokeStyle = at.colours.accent;
  context.lineWidth = line;
  context.strokeRect(at.x - out, at.y - out, at.side + 2 * out, at.side + 2 * out);
}
