import { expect, it } from 'vitest';
import { Labelled, type Component } from './components.ts';
import type { GreyPicture } from './picture.ts';

const FLOOR = 32;

/** Ink where noise exceeds a level: the higher it is, the sparser. */
function speckled(width: number, height: number, level: number): GreyPicture {
  const data = Uint8Array.from({ length: width * height }, (_, at) => {
    const value = Math.imul(at + level, 2_654_435_761) >>> 24;
    const faint = Math.imul(at + level, 2_246_822_519) >>> 24;
    return value > level ? value : faint % FLOOR;
  });
  return { width, height, data };
}

/** By its definition: what can be reached from a pixel over pixels that touch it. */
function reached({ width, height, data }: GreyPicture): { labels: number[]; components: Component[] } {
  const labels = new Array<number>(data.length).fill(0);
  const components: Component[] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start]! < FLOOR || labels[start] !== 0) continue;
    const found = [start];
    const label = components.length + 1;
    labels[start] = label;
    for (const at of found)
      for (let next = 0; next < data.length; next++) {
        const near =
          Math.abs((next % width) - (at % width)) <= 1 &&
          Math.abs(Math.floor(next / width) - Math.floor(at / width)) <= 1;
        if (!near || labels[next] !== 0 || data[next]! < FLOOR) continue;
        labels[next] = label;
        found.push(next);
      }
    const across = found.map((at) => at % width);
    const down = found.map((at) => Math.floor(at / width));
    const values = found.map((at) => data[at]!);
    components.push({
      left: Math.min(...across),
      top: Math.min(...down),
      right: Math.max(...across),
      bottom: Math.max(...down),
      mass: values.reduce((a, b) => a + b),
      peak: Math.max(...values),
    });
  }
  expect(labels.length).toBe(width * height);
  return { labels, components };
}

const pictures = [
  { width: 41, height: 37, level: 120 },
  { width: 32, height: 48, level: 180 },
  { width: 50, height: 20, level: 220 },
  { width: 17, height: 17, level: 40 },
  { width: 1, height: 40, level: 128 },
  { width: 40, height: 1, level: 128 },
  { width: 20, height: 20, level: 255 },
];

it.each(pictures)('labels $width x $height, level $level, as a search from pixel to pixel does', (size) => {
  const picture = speckled(size.width, size.height, size.level);
  const wanted = reached(picture);
  const labelled = new Labelled(picture, FLOOR);
  expect(labelled.components).toEqual(wanted.components);
  const labels = new Array<number>(picture.data.length).fill(0);
  for (const { start, end, label } of labelled.runs()) labels.fill(label, start, end);
  expect(labels).toEqual(wanted.labels);
});

it.each(pictures)(
  'keeps of $width x $height, level $level, what is marked and what lies beside it',
  (size) => {
    const picture = speckled(size.width, size.height, size.level);
    const { width, height, data } = picture;
    const { labels, components } = reached(picture);
    const marked = Uint8Array.from({ length: components.length + 1 }, (_, label) => label % 2);
    const isKept = (x: number, y: number): boolean =>
      x >= 0 && y >= 0 && x < width && y < height && marked[labels[y * width + x]!] === 1;
    const wanted = [...data].map((value, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const beside = isKept(x - 1, y) || isKept(x + 1, y) || isKept(x, y - 1) || isKept(x, y + 1);
      return isKept(x, y) || beside ? value : 0;
    });
    new Labelled(picture, FLOOR).keep(marked);
    expect([...data]).toEqual(wanted);
  },
);

it('follows a spiral, whose arms meet only at its middle', () => {
  const side = 61;
  const data = new Uint8Array(side * side);
  const arm = (x: number, y: number): boolean => Math.max(Math.abs(x - 30), Math.abs(y - 30)) % 4 === 0;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) if (arm(x, y) || (y === 30 && x >= 30)) data[y * side + x] = 200;
  const { components } = new Labelled({ width: side, height: side, data }, FLOOR);
  expect(components).toEqual(reached({ width: side, height: side, data }).components);
  expect(components.length).toBe(1);
});
