/** A run of ink in a row, int32 each: first pixel, the one after its last, and a run that it touches, or itself; that becomes its component's number. */
const RUN: usize = 12;
const END = 4;
const TOUCHED = 8;
/** Left, top, right, bottom, mass, peak: int32 each, the mass unsigned. */
const COMPONENT: usize = 24;
/** Bytes before and after the rows of a mask, so that every pixel has neighbours. */
const MARGIN = 16;

/**
 * Runs of pixels of at least `floor`, row by row, and which of them touch, corners included.
 *
 * @param pixels height x width, uint8; up to 15 bytes after its end are read, not used
 * @param runs room for height x (width + 1) / 2 runs
 * @returns how many
 */
export function findRuns(pixels: usize, width: i32, height: i32, floor: i32, runs: usize): i32 {
  let count = 0;
  let above = 0;
  for (let y = 0; y < height; y++) {
    const first = count;
    const end = (y + 1) * width;
    for (let at = next(pixels, y * width, end, floor, 0); at < end; count++) {
      const start = at;
      at = next(pixels, at, end, floor, 0xffff);
      const run = runOf(runs, count);
      store<i32>(run, start);
      store<i32>(run, at, END);
      store<i32>(run, count, TOUCHED);
      while (above < first && load<i32>(runOf(runs, above), END) + width < start) above++;
      for (let other = above; other < first && load<i32>(runOf(runs, other)) + width <= at; other++)
        join(runs, count, other);
      at = next(pixels, at, end, floor, 0);
    }
    above = first;
  }
  return count;
}

/** The next pixel that is ink (`not` 0), or the next that is none (`not` 0xffff). */
function next(pixels: usize, at: i32, end: i32, floor: i32, not: i32): i32 {
  const floors = i8x16.splat(<i8>floor);
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.ge_u(v128.load(pixels + at), floors)) ^ not;
    if (found !== 0) return min(end, at + ctz(found));
  }
  return end;
}

function runOf(runs: usize, number: i32): usize {
  return runs + <usize>number * RUN;
}

/** The first of the runs that hang together with one. */
function rootOf(runs: usize, number: i32): i32 {
  for (let touched = touchedBy(runs, number); touched !== number; touched = touchedBy(runs, number)) {
    const further = touchedBy(runs, touched);
    store<i32>(runOf(runs, number), further, TOUCHED);
    number = further;
  }
  return number;
}

function touchedBy(runs: usize, number: i32): i32 {
  return load<i32>(runOf(runs, number), TOUCHED);
}

function join(runs: usize, one: i32, other: i32): void {
  const root = rootOf(runs, one);
  const otherRoot = rootOf(runs, other);
  store<i32>(runOf(runs, max(root, otherRoot)), min(root, otherRoot), TOUCHED);
}

/**
 * Numbers the components, from 1 in the order of their first pixels, writes each run's number and what each component is.
 *
 * @param components room for those of single pixels, none beside another
 * @returns how many
 */
export function labelRuns(pixels: usize, width: i32, runs: usize, count: i32, components: usize): i32 {
  let labels = 0;
  for (let number = 0; number < count; number++) {
    const run = runOf(runs, number);
    const touched = touchedBy(runs, number);
    // What a run touches came before it, and has its number already.
    const isFirst = touched === number;
    const label = isFirst ? ++labels : touchedBy(runs, touched);
    store<i32>(run, label, TOUCHED);
    const start = load<i32>(run);
    const end = load<i32>(run, END);
    const y = start / width;
    const component = components + <usize>(label - 1) * COMPONENT;
    if (isFirst) begin(component, start - y * width, y);
    extend(component, start - y * width, end - 1 - y * width, y);
    weigh(component, pixels + start, pixels + end);
  }
  return labels;
}

function begin(component: usize, x: i32, y: i32): void {
  store<i32>(component, x);
  store<i32>(component, y, 4);
  store<i32>(component, x, 8);
  store<i32>(component, 0, 16);
  store<i32>(component, 0, 20);
}

function extend(component: usize, left: i32, right: i32, y: i32): void {
  store<i32>(component, min(left, load<i32>(component)));
  store<i32>(component, max(right, load<i32>(component, 8)), 8);
  // Runs come row by row.
  store<i32>(component, y, 12);
}

function weigh(component: usize, at: usize, end: usize): void {
  let mass = load<i32>(component, 16);
  let peak = load<i32>(component, 20);
  for (; at < end; at++) {
    const value: i32 = load<u8>(at);
    mass += value;
    peak = max(peak, value);
  }
  store<i32>(component, mass, 16);
  store<i32>(component, peak, 20);
}

/**
 * Empties every pixel but those of runs that are kept and what lies above, below, left or right of them.
 *
 * @param kept per component's number, from 1, whether it is
 * @param mask room for (height + 2) x (width + 32) uint8
 */
export function keepRuns(
  pixels: usize,
  width: i32,
  height: i32,
  runs: usize,
  count: i32,
  kept: usize,
  mask: usize,
): void {
  const stride = width + 2 * MARGIN;
  memory.fill(mask, 0, (height + 2) * stride);
  const inner = mask + stride + MARGIN;
  for (let number = 0; number < count; number++) {
    const run = runOf(runs, number);
    if (load<u8>(kept + <usize>load<i32>(run, TOUCHED)) === 0) continue;
    const start = load<i32>(run);
    memory.fill(inner + start + (start / width) * 2 * MARGIN, 255, load<i32>(run, END) - start);
  }
  for (let y = 0; y < height; y++) {
    const row = pixels + y * width;
    const masked = inner + y * stride;
    let x = 0;
    for (; x + 16 <= width; x += 16)
      v128.store(row + x, v128.and(v128.load(row + x), around(masked + x, stride)));
    for (; x < width; x++)
      if (i8x16.extract_lane_u(around(masked + x, stride), 0) === 0) store<u8>(row + x, 0);
  }
}

/** Which of sixteen pixels are in the mask or beside it. */
function around(mask: usize, stride: i32): v128 {
  const across = v128.or(v128.load(mask - 1), v128.load(mask + 1));
  const down = v128.or(v128.load(mask - stride), v128.load(mask + stride));
  return v128.or(v128.load(mask), v128.or(across, down));
}
