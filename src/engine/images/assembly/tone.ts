/** Smaller pictures are no photographs: their background is even. */
const EVEN_BELOW = 24;
const BORDER_WEIGHT = 0.5;

/**
 * Whether ink is lighter than its background, see `inkTone` of the engine.
 *
 * @param pixels pictureHeight x pictureWidth, uint8
 * @param width of the sample, as `height`
 * @param sample room for height x width uint8
 * @param sums room for (height + 1) x (width + 1) int32
 */
export function inkIsLight(
  pixels: usize,
  pictureWidth: i32,
  pictureHeight: i32,
  width: i32,
  height: i32,
  sample: usize,
  sums: usize,
): bool {
  takeSample(pixels, pictureWidth, pictureHeight, width, height, sample);
  addUp(sample, width, height, sums);
  const side = max(width, height);
  const radius = side < EVEN_BELOW ? side : (side + 3) / 4;
  let squares: f64 = 0;
  let cubes: f64 = 0;
  let border: f64 = 0;
  let borderCount = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const detail = <f64>load<u8>(sample + y * width + x) - mean(sums, width, height, x, y, radius);
      squares += detail * detail;
      cubes += detail * detail * detail;
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
        border += detail;
        borderCount++;
      }
    }
  const count = <f64>(width * height);
  const deviation = sqrt(squares / count);
  if (deviation === 0) return false;
  const skewness = cubes / count / (deviation * deviation * deviation);
  return skewness - (BORDER_WEIGHT * border) / <f64>borderCount / deviation > 0;
}

/** Every n-th pixel: keeps the shares of ink and background, thin strokes included. */
function takeSample(
  pixels: usize,
  pictureWidth: i32,
  pictureHeight: i32,
  width: i32,
  height: i32,
  sample: usize,
): void {
  for (let y = 0; y < height; y++) {
    const row = pixels + <i32>(((<f64>y + 0.5) * <f64>pictureHeight) / <f64>height) * pictureWidth;
    for (let x = 0; x < width; x++, sample++)
      store<u8>(sample, load<u8>(row + <i32>(((<f64>x + 0.5) * <f64>pictureWidth) / <f64>width)));
  }
}

/** A table of sums over all that lies above and to the left. */
function addUp(sample: usize, width: i32, height: i32, sums: usize): void {
  const stride = (width + 1) << 2;
  memory.fill(sums, 0, (height + 1) * stride);
  for (let y = 0; y < height; y++) {
    let row = 0;
    let at = sums + (y + 1) * stride + 4;
    for (let x = 0; x < width; x++, sample++, at += 4) {
      row += load<u8>(sample);
      store<i32>(at, load<i32>(at - stride) + row);
    }
  }
}

/** Of the window around a pixel. */
function mean(sums: usize, width: i32, height: i32, x: i32, y: i32, radius: i32): f64 {
  const top = max(0, y - radius);
  const bottom = min(height, y + radius + 1);
  const left = max(0, x - radius);
  const right = min(width, x + radius + 1);
  const above = sums + ((top * (width + 1)) << 2);
  const below = sums + ((bottom * (width + 1)) << 2);
  const sum =
    load<i32>(below + (right << 2)) -
    load<i32>(above + (right << 2)) -
    load<i32>(below + (left << 2)) +
    load<i32>(above + (left << 2));
  return <f64>sum / <f64>((bottom - top) * (right - left));
}
