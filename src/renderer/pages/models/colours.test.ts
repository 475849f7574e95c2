import { describe, expect, it } from 'vitest';
import { colourOf, luminance, inkOn } from './colours.ts';

const values = Array.from({ length: 41 }, (_, at) => (at - 20) / 20);

describe.each(['light', 'dark'] as const)('colours in %s', (theme) => {
  it('go away from the ground with the value, in both directions', () => {
    const distance = (value: number): number =>
      Math.abs(luminance(colourOf(theme, value, 1)) - luminance(colourOf(theme, 0, 1)));
    for (let step = 1; step <= 20; step++) {
      expect(distance(step / 20)).toBeGreaterThan(distance((step - 1) / 20));
      expect(distance(-step / 20)).toBeGreaterThan(distance(-(step - 1) / 20));
    }
  });

  it('are blue below 0 and red above, which no kind of colour vision takes for each other', () => {
    for (const value of values.filter((value) => Math.abs(value) > 0.1)) {
      const [red, , blue] = colourOf(theme, value, 1);
      expect(Math.sign(red - blue)).toBe(Math.sign(value));
    }
  });

  it('carry legible ink', () => {
    for (const value of values) {
      const ground = luminance(colourOf(theme, value, 1));
      const ink = inkOn(colourOf(theme, value, 1)) === '#000' ? 0 : 1;
      const contrast = (Math.max(ground, ink) + 0.05) / (Math.min(ground, ink) + 0.05);
      expect(contrast).toBeGreaterThan(4.5);
    }
  });

  it('are those of 0 where all is 0, and end at the limit', () => {
    expect(colourOf(theme, 0, 0)).toEqual(colourOf(theme, 0, 1));
    expect(colourOf(theme, 7, 2)).toEqual(colourOf(theme, 2, 2));
  });
});
