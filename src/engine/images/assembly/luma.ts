/** Rec. 601 luma in 16.16 fixed point; the weights add up to 65536, so equal channels keep their value exactly. */
const RED: i16 = 19595;
/** Half of green's 38470, which is more than an int16 holds: it counts twice. */
const GREEN: i16 = 19235;
const BLUE: i16 = 7471;
const HALF = 32768;
/** Pixels that are worked on at a time. */
const PIXELS = 16;

/**
 * Grey from interleaved uint8 channels, exactly.
 *
 * @param source `count` pixels of 3 (RGB) or 4 channels (RGB and alpha); up to 64 bytes after its end are read, not used
 * @param target room for `count` uint8, up to 15 more are written
 */
export function luma(source: usize, count: i32, channels: i32, target: usize): void {
  const four = channels === 4;
  const redGreen = four
    ? i8x16(0, -1, 1, -1, 4, -1, 5, -1, 8, -1, 9, -1, 12, -1, 13, -1)
    : i8x16(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1);
  const greenBlue = four
    ? i8x16(1, -1, 2, -1, 5, -1, 6, -1, 9, -1, 10, -1, 13, -1, 14, -1)
    : i8x16(1, -1, 2, -1, 4, -1, 5, -1, 7, -1, 8, -1, 10, -1, 11, -1);
  const step: usize = channels << 2;
  for (let at = 0; at < count; at += PIXELS, source += step << 2)
    v128.store(
      target + at,
      i8x16.narrow_i16x8_u(
        i16x8.narrow_i32x4_s(fourOf(source, redGreen, greenBlue), fourOf(source + step, redGreen, greenBlue)),
        i16x8.narrow_i32x4_s(
          fourOf(source + 2 * step, redGreen, greenBlue),
          fourOf(source + 3 * step, redGreen, greenBlue),
        ),
      ),
    );
}

function fourOf(pixels: usize, redGreen: v128, greenBlue: v128): v128 {
  const all = v128.load(pixels);
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(i8x16.swizzle(all, redGreen), i16x8(RED, GREEN, RED, GREEN, RED, GREEN, RED, GREEN)),
    i32x4.dot_i16x8_s(
      i8x16.swizzle(all, greenBlue),
      i16x8(GREEN, BLUE, GREEN, BLUE, GREEN, BLUE, GREEN, BLUE),
    ),
  );
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(HALF)), 16);
}
