import { bytes, floats } from './lanes';

/** Output rows that are worked on at a time, side by side in memory. */
const ROWS = 4;

/**
 * A separable filter: columns first, as their pixels lie side by side, then rows, four at a time.
 *
 * @param source uint8, rows of `stride`; up to 3 bytes after its end are read, not used
 * @param flip 255 for the negative, else 0
 * @param down per output row its first input row, int32
 * @param downWeights outHeight x downCount, float32, as `acrossWeights` are outWidth x acrossCount
 * @param across per output column its first input column, int32
 * @param between room for (width + 3) x 4 float32
 * @param target outHeight x outWidth, uint8
 */
export function resample(
  source: usize,
  stride: i32,
  width: i32,
  flip: i32,
  down: usize,
  downWeights: usize,
  downCount: i32,
  across: usize,
  acrossWeights: usize,
  acrossCount: i32,
  outWidth: i32,
  outHeight: i32,
  between: usize,
  target: usize,
): void {
  const mask = i8x16.splat(<i8>flip);
  for (let y = 0; y < outHeight; y += ROWS) {
    filterColumns(source, stride, width, mask, down, downWeights, downCount, y, outHeight - 1, between);
    const rows = min(ROWS, outHeight - y);
    filterRows(between, across, acrossWeights, acrossCount, outWidth, rows, target + y * outWidth);
  }
}

/** Four output rows from `y` on, the last one again where there are fewer: for every input column the four side by side. */
function filterColumns(
  source: usize,
  stride: i32,
  width: i32,
  mask: v128,
  down: usize,
  weights: usize,
  count: i32,
  y: i32,
  last: i32,
  between: usize,
): void {
  const row1 = min(y + 1, last);
  const row2 = min(y + 2, last);
  const row3 = min(y + 3, last);
  const source0 = source + load<i32>(down + (y << 2)) * stride;
  const source1 = source + load<i32>(down + (row1 << 2)) * stride;
  const source2 = source + load<i32>(down + (row2 << 2)) * stride;
  const source3 = source + load<i32>(down + (row3 << 2)) * stride;
  const weights0 = weights + ((y * count) << 2);
  const weights1 = weights + ((row1 * count) << 2);
  const weights2 = weights + ((row2 * count) << 2);
  const weights3 = weights + ((row3 * count) << 2);
  for (let x = 0; x < width; x += 4) {
    let sum0 = f32x4.splat(0);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let at: usize = x;
    for (let tap: usize = 0, end: usize = count << 2; tap < end; tap += 4, at += stride) {
      sum0 = f32x4.add(sum0, weighted(source0 + at, mask, weights0 + tap));
      sum1 = f32x4.add(sum1, weighted(source1 + at, mask, weights1 + tap));
      sum2 = f32x4.add(sum2, weighted(source2 + at, mask, weights2 + tap));
      sum3 = f32x4.add(sum3, weighted(source3 + at, mask, weights3 + tap));
    }
    storeTransposed(sum0, sum1, sum2, sum3, between + (x << 4));
  }
}

/** Four pixels times a weight. */
function weighted(pixels: usize, mask: v128, weight: usize): v128 {
  return f32x4.mul(floats(v128.xor(v128.load32_zero(pixels), mask)), v128.load32_splat(weight));
}

/** Four rows of four as four columns. */
function storeTransposed(row0: v128, row1: v128, row2: v128, row3: v128, to: usize): void {
  const upperLeft = v128.shuffle<f32>(row0, row1, 0, 4, 1, 5);
  const upperRight = v128.shuffle<f32>(row0, row1, 2, 6, 3, 7);
  const lowerLeft = v128.shuffle<f32>(row2, row3, 0, 4, 1, 5);
  const lowerRight = v128.shuffle<f32>(row2, row3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(upperLeft, lowerLeft, 0, 2));
  v128.store(to, v128.shuffle<i64>(upperLeft, lowerLeft, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(upperRight, lowerRight, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(upperRight, lowerRight, 1, 3), 48);
}

function filterRows(
  between: usize,
  across: usize,
  weights: usize,
  count: i32,
  width: i32,
  rows: i32,
  target: usize,
): void {
  for (let x = 0; x < width; x++, target++) {
    let from = between + (load<i32>(across + (x << 2)) << 4);
    // So that what is cut off rounds.
    let sum = f32x4.splat(0.5);
    for (let tap = 0; tap < count; tap++, from += 16, weights += 4)
      sum = f32x4.add(sum, f32x4.mul(v128.load(from), v128.load32_splat(weights)));
    const pixels = bytes(sum);
    store<u8>(target, i8x16.extract_lane_u(pixels, 0));
    if (rows > 1) store<u8>(target + width, i8x16.extract_lane_u(pixels, 1));
    if (rows > 2) store<u8>(target + 2 * width, i8x16.extract_lane_u(pixels, 2));
    if (rows > 3) store<u8>(target + 3 * width, i8x16.extract_lane_u(pixels, 3));
  }
}
