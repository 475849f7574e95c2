/** Bytes of a histogram, and of the others beside it: neighbours in a picture are often alike, and would wait for each other at one counter. */
const HISTOGRAM: usize = 1024;

/**
 * @param pixels `count` uint8
 * @param target room for 4 x 256 int32; the first 256 are the histogram
 */
export function histogram(pixels: usize, count: i32, target: usize): void {
  memory.fill(target, 0, 4 * HISTOGRAM);
  const whole = pixels + (count & ~3);
  let at = pixels;
  for (; at < whole; at += 4) {
    increment(target + ((<usize>load<u8>(at)) << 2));
    increment(target + HISTOGRAM + ((<usize>load<u8>(at, 1)) << 2));
    increment(target + 2 * HISTOGRAM + ((<usize>load<u8>(at, 2)) << 2));
    increment(target + 3 * HISTOGRAM + ((<usize>load<u8>(at, 3)) << 2));
  }
  for (const end = pixels + count; at < end; at++) increment(target + ((<usize>load<u8>(at)) << 2));
  for (let level = target, end = target + HISTOGRAM; level < end; level += 16)
    v128.store(
      level,
      i32x4.add(
        i32x4.add(v128.load(level), v128.load(level + HISTOGRAM)),
        i32x4.add(v128.load(level + 2 * HISTOGRAM), v128.load(level + 3 * HISTOGRAM)),
      ),
    );
}

function increment(counter: usize): void {
  store<i32>(counter, load<i32>(counter) + 1);
}

/** Each of `count` uint8 becomes what the table of 256 uint8 has for it. */
export function lookUp(pixels: usize, count: i32, table: usize): void {
  for (const end = pixels + count; pixels < end; pixels++)
    store<u8>(pixels, load<u8>(table + <usize>load<u8>(pixels)));
}
