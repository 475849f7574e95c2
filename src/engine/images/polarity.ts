import { kernels, layOut, put } from './kernels.ts';
import type { GreyPicture } from './picture.ts';

export type InkTone = 'dark' | 'light';

/** Longest side of the sample that is looked at. */
const SAMPLE = 32;
const WORD = 4;

/**
 * Whether the ink is darker or lighter than its background. Ink is the minority: against the mean of its surroundings it
 * deviates strongly and seldom, the background weakly and often, which is the sign of the third moment. Slow changes of the light
 * fall out with the surroundings. What lies at the border, mostly background, has a smaller say: it may be a frame.
 */
export function inkTone({ width, height, data }: GreyPicture): InkTone {
  const step = Math.max(1, Math.max(width, height) / SAMPLE);
  const across = Math.max(1, Math.floor(width / step));
  const down = Math.max(1, Math.floor(height / step));
  const [pixels, sample, sums] = layOut(data.length, across * down, (across + 1) * (down + 1) * WORD);
  put(pixels, data);
  return kernels.inkIsLight(pixels, width, height, across, down, sample, sums) ? 'light' : 'dark';
}
