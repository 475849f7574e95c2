import { z } from 'zod';
import { digitMeasure } from './schemas.ts';

/** Digits whose measure lies from `from` to before `to`, by split. */
const bar = digitMeasure.extend({ train: z.int(), test: z.int(), unlabelled: z.int() });
export type MeasureBar = z.infer<typeof bar>;

export const histograms = z.object({
  /** By mean ink, in thousandths of full ink. */
  ink: z.array(bar),
  /** By the longer side of the picture that the digit was read from, in pixels; empty where there is none. */
  side: z.array(bar),
  /** Digits that are not measured: the project is only looked at. */
  unmeasured: z.int(),
});
export type Histograms = z.infer<typeof histograms>;
