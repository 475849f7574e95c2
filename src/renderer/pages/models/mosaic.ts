export interface MosaicLayout {
  columns: number;
  rows: number;
  /** CSS pixels per pixel of a picture: a whole number of screen pixels. */
  scale: number;
  /** From one picture to the next. */
  stepX: number;
  stepY: number;
  width: number;
  height: number;
}

interface Wanted {
  count: number;
  /** Of one picture, in its own pixels. */
  tile: { width: number; height: number };
  /** Pixels of the page: what there is across, and what all should fit into downwards. */
  room: { width: number; height: number };
  gap: number;
  /** Screen pixels per CSS pixel. */
  ratio?: number;
  /** Bounds of the scale. */
  least: number;
  most: number;
  /** Fixed where the arrangement means something. */
  columns?: number | undefined;
}

/** All pictures as large as they fit, in whole multiples; at the least scale they may reach below the room. */
export function mosaicLayout({
  count,
  tile,
  room,
  gap,
  ratio = 1,
  least,
  most,
  columns,
}: Wanted): MosaicLayout {
  for (let wanted = most; ; wanted--) {
    const scale = Math.max(1, Math.round(wanted * ratio)) / ratio;
    const [stepX, stepY] = [tile.width * scale + gap, tile.height * scale + gap];
    const fitting = Math.max(1, Math.floor((room.width + gap) / stepX));
    const across = columns ?? Math.min(count, fitting);
    const rows = Math.ceil(count / across);
    const [width, height] = [across * stepX - gap, rows * stepY - gap];
    if (wanted <= least || (height <= room.height && width <= room.width))
      return { columns: across, rows, scale, stepX, stepY, width, height };
  }
}

export interface Place {
  tile: number;
  row: number;
  column: number;
}

/** The pixel at a point of the page; null in a gap. */
export function placeAt(
  layout: MosaicLayout,
  tile: { width: number; height: number },
  count: number,
  x: number,
  y: number,
): Place | null {
  const [across, down] = [Math.floor(x / layout.stepX), Math.floor(y / layout.stepY)];
  const column = Math.floor((x - across * layout.stepX) / layout.scale);
  const row = Math.floor((y - down * layout.stepY) / layout.scale);
  const at = down * layout.columns + across;
  const inside = across >= 0 && across < layout.columns && column >= 0 && column < tile.width && row >= 0;
  return inside && row < tile.height && at >= 0 && at < count ? { tile: at, row, column } : null;
}

/** Where an arrow key leads in a mosaic; null for other keys. */
export function tileAfterKey(
  { columns }: MosaicLayout,
  count: number,
  at: number,
  key: string,
): number | null {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (by === undefined) return null;
  const to = at + by;
  return to < 0 || to >= count ? at : to;
}
