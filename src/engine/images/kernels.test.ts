import { expect, it } from 'vitest';
import { againstBackground } from './background.ts';
import { get, kernels, layOut, put } from './kernels.ts';
import { lumaOf } from './luma.ts';
import type { GreyPicture } from './picture.ts';
import { inkTone } from './polarity.ts';
import { resample, type Rectangle } from './resample.ts';

/** Values without a pattern, the same each time. */
const noise = (length: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => Math.imul(at + seed * 7_919, 2_654_435_761) >>> 24);

const picture = (width: number, height: number): GreyPicture => ({
  width,
  height,
  data: noise(width * height),
});

/** Weights of the triangle filter over all input pixels, for one output pixel. */
function weightsOf(at: number, from: number, to: number): number[] {
  const scale = from / to;
  const radius = Math.max(1, scale);
  const centre = (at + 0.5) * scale - 0.5;
  const weights = Array.from({ length: from }, (_, x) => Math.max(0, 1 - Math.abs(x - centre) / radius));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/** By its definition, in double precision, not rounded. */
function expected(
  { width, data }: GreyPicture,
  part: Rectangle,
  to: { width: number; height: number },
  invert: boolean,
): number[] {
  const across = Array.from({ length: to.width }, (_, x) => weightsOf(x, part.width, to.width));
  const down = Array.from({ length: to.height }, (_, y) => weightsOf(y, part.height, to.height));
  const pixel = (x: number, y: number): number =>
    Math.abs((invert ? 255 : 0) - data[(part.top + y) * width + part.left + x]!);
  return down.flatMap((rows) =>
    across.map((columns) =>
      rows.reduce(
        (sum, weight, y) =>
          weight === 0
            ? sum
            : sum + weight * columns.reduce((line, share, x) => line + share * (share && pixel(x, y)), 0),
        0,
      ),
    ),
  );
}

it.each([
  { from: [200, 200], part: [0, 0, 200, 200], to: [96, 96], invert: true },
  { from: [203, 61], part: [0, 0, 203, 61], to: [96, 29], invert: false },
  { from: [96, 96], part: [17, 9, 41, 63], to: [13, 20], invert: false },
  { from: [31, 40], part: [30, 39, 1, 1], to: [20, 20], invert: false },
  { from: [9, 7], part: [1, 2, 5, 3], to: [20, 11], invert: true },
  { from: [7, 300], part: [0, 0, 7, 300], to: [1, 20], invert: false },
  { from: [1, 1], part: [0, 0, 1, 1], to: [1, 1], invert: true },
])('resamples $from, its part $part, to $to as the filter says', ({ from, part, to, invert }) => {
  const source = picture(from[0]!, from[1]!);
  const [left, top, width, height] = part as [number, number, number, number];
  const box = { left, top, width, height };
  const size = { width: to[0]!, height: to[1]! };
  const found = resample(source, box, size.width, size.height, invert);
  expect(found).toMatchObject(size);
  const wanted = expected(source, box, size, invert);
  expect(found.data.length).toBe(wanted.length);
  // Half a level is the rounding.
  const apart = wanted.map((value, at) => Math.abs(value - found.data[at]!));
  expect(Math.max(...apart)).toBeLessThan(0.501);
});

it('leaves what has the size already as it is', () => {
  const source = picture(37, 22);
  const part = { left: 0, top: 0, width: 37, height: 22 };
  expect(resample(source, part, 37, 22).data).toEqual(source.data);
});

it.each([3, 4] as const)('makes grey of %i channels exactly', (channels) => {
  const count = 1_003;
  const pixels = noise(count * channels);
  if (channels === 4) for (let at = 3; at < pixels.length; at += 4) pixels[at] = 255;
  const wanted = Array.from({ length: count }, (_, pixel) => {
    const [red, green, blue] = pixels.subarray(pixel * channels);
    return Math.floor((19_595 * red! + 38_470 * green! + 7_471 * blue! + 32_768) / 65_536);
  });
  expect([...lumaOf(pixels, channels)]).toEqual(wanted);
});

it('keeps grey that comes as equal channels', () => {
  const levels = Array.from({ length: 256 }, (_, level) => level);
  const pixels = Uint8Array.from(levels.flatMap((level) => [level, level, level]));
  expect([...lumaOf(pixels, 3)]).toEqual(levels);
});

it('takes the light off a picture, bilinear between the cells and beyond them', () => {
  const [width, height, cell, columns, rows] = [53, 47, 6, 9, 8];
  const levels = Float32Array.from(noise(columns * rows, 3), (value) => value / 4);
  const source = picture(width, height);
  const level = (x: number, y: number): number => {
    const place = (at: number, cells: number): [number, number] => {
      const cellsAlong = (at + 0.5) / cell - 0.5;
      const first = Math.min(cells - 2, Math.max(0, Math.floor(cellsAlong)));
      return [first, cellsAlong - first];
    };
    const [[left, u], [top, v]] = [place(x, columns), place(y, rows)];
    const along = (row: number): number =>
      levels[row * columns + left]! * (1 - u) + levels[row * columns + left + 1]! * u;
    return along(top) * (1 - v) + along(top + 1) * v;
  };
  const found = againstBackground(source, { columns, rows, cell, levels });
  source.data.forEach((brightness, at) => {
    const behind = level(at % width, Math.floor(at / width));
    const wanted = brightness > behind ? (255 * (brightness - behind)) / (255 - behind) : 0;
    const rest = found[at]!;
    expect(rest <= wanted + 0.001 && rest > wanted - 1.001, `pixel ${at}: ${rest}, ${wanted}`).toBe(true);
  });
});

it('finds room for a picture larger than all before it', () => {
  const before = kernels.memory.buffer.byteLength;
  const [first, second] = layOut(before, 1_000);
  expect(second! - first!).toBeGreaterThanOrEqual(before);
  expect(kernels.memory.buffer.byteLength).toBeGreaterThanOrEqual(second! + 1_000);
});

it.each([1, 15, 16, 17, 1_003])('counts and replaces the levels of %i pixels', (count) => {
  const values = noise(count, 5);
  const table = noise(256, 11);
  const [pixels, counts, map] = layOut(count + 1, 4 * 256 * 4, 256);
  put(pixels, Uint8Array.from([...values, 77]));
  put(map, table);
  kernels.histogram(pixels, count, counts);
  const wanted = new Int32Array(256);
  for (const value of values) wanted[value]!++;
  expect(new Int32Array(kernels.memory.buffer, counts, 256)).toEqual(wanted);
  kernels.lookUp(pixels, count, map);
  expect([...get(pixels, count + 1)]).toEqual([...Array.from(values, (value) => table[value]!), 77]);
});

it.each([
  { width: 1, height: 9, cell: 4 },
  { width: 15, height: 16, cell: 16 },
  { width: 17, height: 18, cell: 17 },
  { width: 96, height: 61, cell: 10 },
  { width: 53, height: 47, cell: 33 },
])('finds the level that a quarter of each cell of $cell in $width x $height lies at or below', (size) => {
  const { width, height, cell } = size;
  const { data } = picture(width, height);
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)];
  const [pixels, target] = layOut(data.length, columns * rows * 4);
  put(pixels, data);
  kernels.cellQuantiles(pixels, width, height, cell, 0.25, target);
  const found = [...new Float32Array(kernels.memory.buffer, target, columns * rows)];
  const cells = Array.from({ length: columns * rows }, () => [] as number[]);
  data.forEach((value, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    cells[Math.floor(y / cell) * columns + Math.floor(x / cell)]!.push(value);
  });
  const quarter = (values: number[]): number =>
    values.toSorted((a, b) => a - b)[Math.ceil(0.25 * values.length) - 1]!;
  expect(found).toEqual(cells.map(quarter));
});

it.each([
  [28, 28],
  [200, 150],
  [23, 7],
  [1, 30],
])('tells the tone of a line on %i x %i, on an even and on a darkening ground', (width, height) => {
  // As thick as a sample of the picture is wide, so that none goes by it.
  const thick = Math.ceil(Math.max(width, height) / 28);
  const line = (x: number, y: number): boolean =>
    Math.abs(x - width / 2) < thick || Math.abs(y - height / 3) < thick / 2;
  const drawn = (ink: (paper: number) => number, slope: number): GreyPicture => ({
    width,
    height,
    data: Uint8Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const paper = 120 + (slope * x) / width;
      return line(x, y) && width > 1 ? ink(paper) : paper + (at % 3);
    }),
  });
  for (const slope of width > 1 ? [0, 40] : []) {
    expect(inkTone(drawn((paper) => paper - 80, slope))).toBe('dark');
    expect(inkTone(drawn((paper) => paper + 80, slope))).toBe('light');
  }
  expect(inkTone({ width, height, data: new Uint8Array(width * height).fill(9) })).toBe('dark');
});

it('makes grey of a picture larger than a strip', () => {
  const count = 2 ** 20 + 5;
  const pixels = new Uint8Array(3 * count).fill(200);
  pixels.fill(17, 3 * (count - 6));
  const luma = lumaOf(pixels, 3);
  expect(luma).toHaveLength(count);
  expect([...luma.subarray(count - 8)]).toEqual([200, 200, 17, 17, 17, 17, 17, 17]);
});
