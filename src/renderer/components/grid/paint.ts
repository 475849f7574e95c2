import { TILE_BYTES, TILE_SIDE } from '../../../shared/domain.ts';

interface Size {
  width: number;
  height: number;
}

/** Little-endian RGBA of a grey value. */
const rgba = (grey: number): number => (0xff00_0000 | (grey * 0x01_0101)) >>> 0;

/** Paints `width` x `height` grey bytes on a canvas of that size. */
export function paintGrey(canvas: HTMLCanvasElement, grey: Uint8Array, { width, height }: Size): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) pixels[i] = rgba(grey[i] ?? 0);
  context.putImageData(image, 0, 0);
}

/** Tiles beside each other in a sheet: keeps it well below the largest canvas. */
const SHEET_COLUMNS = 32;

/** Tiles of one page, each at its own size on one canvas, to be drawn larger from there. */
export interface Sheet {
  canvas: OffscreenCanvas;
  count: number;
}

/** @param packed N x 28 x 28 grey bytes. */
export function makeSheet(packed: Uint8Array): Sheet {
  const count = Math.floor(packed.length / TILE_BYTES);
  const width = SHEET_COLUMNS * TILE_SIDE;
  const height = Math.max(1, Math.ceil(count / SHEET_COLUMNS)) * TILE_SIDE;
  const canvas = new OffscreenCanvas(width, height);
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let tile = 0; tile < count; tile++) {
    const { x, y } = placeInSheet(tile);
    for (let row = 0; row < TILE_SIDE; row++) {
      const from = tile * TILE_BYTES + row * TILE_SIDE;
      const to = (y + row) * width + x;
      for (let column = 0; column < TILE_SIDE; column++) pixels[to + column] = rgba(packed[from + column]!);
    }
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return { canvas, count };
}

/** Where a tile of a sheet begins, in pixels. */
export const placeInSheet = (tile: number): { x: number; y: number } => ({
  x: (tile % SHEET_COLUMNS) * TILE_SIDE,
  y: Math.floor(tile / SHEET_COLUMNS) * TILE_SIDE,
});
