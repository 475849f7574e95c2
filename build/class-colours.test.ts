import fs from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = fs.readFileSync(new URL('../src/renderer/app/tokens.css', import.meta.url), 'utf8');
type Triple = [number, number, number];
type Matrix = readonly [readonly number[], readonly number[], readonly number[]];

/** What dichromats see, over linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const VISIONS: Record<string, Matrix> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** To Oklab (Ottosson 2020). */
const CONES: Matrix = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const OKLAB: Matrix = [
  [0.2104542553, 0.793617785, -0.0040720468],
  [1.9779984951, -2.428592205, 0.4505937099],
  [0.0259040371, 0.7827717662, -0.808675766],
];

const times = (matrix: Matrix, vector: Triple): Triple =>
  matrix.map((row) => row.reduce((sum, value, at) => sum + value * vector[at]!, 0)) as Triple;
const linear = (hex: string): Triple =>
  [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Triple;
const seen = (hex: string, vision: Matrix): Triple => {
  const light = times(vision, linear(hex)).map((value) => Math.min(1, Math.max(0, value))) as Triple;
  return times(OKLAB, times(CONES, light).map(Math.cbrt) as Triple);
};

describe.each(['light', 'dark'])('the colours of the ten classes, %s', (theme) => {
  const block = css.slice(css.indexOf(`[data-theme='${theme}']`));
  const colours = Array.from(
    { length: 10 },
    (_, digit) => new RegExp(`--class-${digit}: (#[0-9a-f]{6})`).exec(block)![1]!,
  );
  it.each(Object.keys(VISIONS))('are far apart to %s vision', (name) => {
    const places = colours.map((colour) => seen(colour, VISIONS[name]!));
    const distances = places.flatMap((a, at) =>
      places.slice(0, at).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])),
    );
    expect(Math.min(...distances)).toBeGreaterThan(0.14);
  });
});
