import { TILE_SIDE } from '../../../shared/domain.ts';

/** Room for the selection ring around each picture, and the gap between neighbours. */
const GAP = 12;
const CAPTION = 17;
/** Around all tiles, so that the ring of those at the edge is not cut off. */
export const MARGIN = 6;

export interface GridLayout {
  columns: number;
  rows: number;
  count: number;
  /** Edge of a picture in CSS pixels: a whole number of screen pixels per pixel of the digit. */
  tile: number;
  /** From one column, one row to the next, in CSS pixels. */
  stepX: number;
  stepY: number;
  /** Of all rows. */
  height: number;
}

interface Wanted {
  count: number;
  /** CSS pixels. */
  width: number;
  /** Wanted CSS pixels per pixel of the digit. */
  scale: number;
  /** Screen pixels per CSS pixel. */
  ratio: number;
  captions: boolean;
}

/** As many columns as fit, spread over the width. */
export function gridLayout({ count, width, scale, ratio, captions }: Wanted): GridLayout {
  const tile = (TILE_SIDE * Math.max(1, Math.round(scale * ratio))) / ratio;
  const room = Math.max(tile, width - 2 * MARGIN);
  const columns = Math.max(1, Math.floor((room + GAP) / (tile + GAP)));
  const rows = Math.ceil(count / columns);
  const stepX = columns === 1 ? tile + GAP : Math.min((room - tile) / (columns - 1), tile * 1.5);
  const stepY = tile + GAP + (captions ? CAPTION : 0);
  return { columns, rows, count, tile, stepX, stepY, height: 2 * MARGIN + rows * stepY - GAP };
}

export const tileLeft = (layout: GridLayout, index: number): number =>
  MARGIN + (index % layout.columns) * layout.stepX;
export const tileTop = (layout: GridLayout, index: number): number =>
  MARGIN + Math.floor(index / layout.columns) * layout.stepY;

/** Rows of which at least a part lies between `top` and `top + height`; `last` is not among them. */
export function rowsBetween(
  layout: GridLayout,
  top: number,
  height: number,
): { first: number; last: number } {
  const clamp = (row: number): number => Math.min(layout.rows, Math.max(0, row));
  return {
    first: clamp(Math.floor((top - MARGIN) / layout.stepY)),
    last: clamp(Math.ceil((top + height - MARGIN) / layout.stepY)),
  };
}

/** The digit at a point of the whole grid, gaps belonging to the nearest; null beside all. */
export function indexAt(layout: GridLayout, x: number, y: number): number | null {
  const column = Math.floor((x - MARGIN + (layout.stepX - layout.tile) / 2) / layout.stepX);
  const row = Math.floor((y - MARGIN + GAP / 2) / layout.stepY);
  if (column < 0 || column >= layout.columns || row < 0) return null;
  const index = row * layout.columns + column;
  return index < layout.count ? index : null;
}

/**
 * Where a key leads from a digit, null for keys that lead nowhere. `page` is how many rows are in view. From no digit (null)
 * keys lead to the first, and to the last the one that leads there from everywhere.
 */
export function indexAfterKey(
  layout: GridLayout,
  from: number | null,
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  page: number,
): number | null {
  const { columns, count } = layout;
  if (count === 0) return null;
  const whole = ctrlKey || metaKey;
  const index = from ?? 0;
  const rowStart = index - (index % columns);
  const targets: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowRight: index + 1,
    ArrowUp: index - columns < 0 ? index : index - columns,
    ArrowDown: rowStart + columns >= count ? index : index + columns,
    PageUp: Math.max(index % columns, index - page * columns),
    PageDown: index + page * columns,
    Home: whole ? 0 : rowStart,
    End: whole ? count - 1 : rowStart + columns - 1,
  };
  const target = targets[key];
  if (target === undefined || (whole && key !== 'Home' && key !== 'End')) return null;
  if (from === null && !(whole && key === 'End')) return 0;
  return Math.min(count - 1, Math.max(0, target));
}
