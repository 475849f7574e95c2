import type { ColourToken } from './palette.ts';
import type { Point } from './series.ts';

/** One line of a chart. */
export interface ChartLine {
  /** What the tooltip calls it. */
  name: string;
  /** Written beside its last point; short. */
  endLabel?: string;
  points: readonly Point[];
  colour: ColourToken;
  /** Raw values behind a smoothed line. */
  faint?: boolean;
  /** Something to compare with. */
  dashed?: boolean;
  /** Not drawn as a curve: between its points nothing is known. */
  straight?: boolean;
  /** Few, exact values: each gets a dot. */
  dots?: boolean;
}
