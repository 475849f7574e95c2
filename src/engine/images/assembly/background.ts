import { bytes, floats } from './lanes';

/**
 * What a picture reflects against the paper around it, see `againstBackground` of the engine. The grid is widened to the picture's columns first, so that
 * what is left per pixel is one step from the row of cells above to the one below.
 *
 * @param pixels height x width, uint8; up to 3 bytes after its end are read, not used
 * @param levels rows x columns, float32: the background at the middle of the cells
 * @param wide room for rows x (width + 3) float32
 * @param target room for height x width uint8, up to 3 more are written
 */
export function againstBackground(
  pixels: usize,
  width: i32,
  height: i32,
  levels: usize,
  columns: i32,
  rows: i32,
  cell: i32,
  wide: usize,
  target: usize,
): void {
  const stride = (width + 3) << 2;
  for (let row = 0; row < rows; row++)
    widen(levels + ((row * columns) << 2), columns, <f32>cell, wide + row * stride, width);
  const lastUpper = max(0, rows - 2);
  for (let y = 0; y < height; y++, pixels += width, target += width) {
    const place = (<f32>y + 0.5) / <f32>cell - 0.5;
    // Truncation towards zero: what lies before the first cell's middle belongs to it as well.
    const upper = min(lastUpper, <i32>place);
    const above = wide + upper * stride;
    const below = wide + min(rows - 1, upper + 1) * stride;
    divide(pixels, above, below, f32x4.splat(place - <f32>upper), width, target);
  }
}

/** A row of cells for every column of the picture. */
function widen(levels: usize, columns: i32, cell: f32, wide: usize, width: i32): void {
  const last = max(0, columns - 2);
  for (let x = 0; x < width; x++) {
    const place = (<f32>x + 0.5) / cell - 0.5;
    const left = min(last, <i32>place);
    const level = load<f32>(levels + (left << 2));
    const next = load<f32>(levels + (min(columns - 1, left + 1) << 2));
    store<f32>(wide + (x << 2), level + (place - <f32>left) * (next - level));
  }
}

function divide(pixels: usize, above: usize, below: usize, share: v128, width: i32, target: usize): void {
  const full = f32x4.splat(255);
  for (let x: usize = 0; x < <usize>width; x += 4) {
    const upper = v128.load(above + (x << 2));
    const level = f32x4.add(upper, f32x4.mul(share, f32x4.sub(v128.load(below + (x << 2)), upper)));
    const brightness = floats(v128.load32_zero(pixels + x));
    const rest = f32x4.div(f32x4.mul(full, f32x4.sub(brightness, level)), f32x4.sub(full, level));
    const ink = bytes(v128.and(rest, f32x4.gt(brightness, level)));
    v128.store32_lane(target + x, ink, 0);
  }
}

/**
 * For each cell of a grid over a picture the level that a share of its pixels lies at or below.
 *
 * @param pixels height x width, uint8; up to 15 bytes after its end are read, not used
 * @param target rows x columns, float32
 */
export function cellQuantiles(
  pixels: usize,
  width: i32,
  height: i32,
  cell: i32,
  share: f64,
  target: usize,
): void {
  for (let top = 0; top < height; top += cell)
    for (let left = 0; left < width; left += cell, target += 4) {
      const across = min(cell, width - left);
      const down = min(cell, height - top);
      const wanted = share * <f64>(across * down);
      store<f32>(target, <f32>quantile(pixels + top * width + left, width, across, down, wanted));
    }
}

/** The least level that so many pixels lie at or below, by bisection. */
function quantile(pixels: usize, stride: i32, width: i32, height: i32, wanted: f64): i32 {
  let least = 0;
  let most = 255;
  while (least < most) {
    const middle = (least + most) >> 1;
    if (<f64>countUpTo(middle, pixels, stride, width, height) >= wanted) most = middle;
    else least = middle + 1;
  }
  return least;
}

function countUpTo(level: i32, pixels: usize, stride: i32, width: i32, height: i32): i32 {
  const levels = i8x16.splat(<i8>level);
  let count = 0;
  for (let y = 0; y < height; y++, pixels += stride)
    for (let x = 0; x < width; x += 16) {
      const found = i8x16.bitmask(i8x16.le_u(v128.load(pixels + x), levels));
      const within = width - x < 16 ? (1 << (width - x)) - 1 : 0xffff;
      count += popcnt(found & within);
    }
  return count;
}
