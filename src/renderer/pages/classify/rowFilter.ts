import { confidenceBounds, type RowFilter } from '../../../shared/contract/index.ts';
import type { Formats } from '../../../shared/messages/index.ts';

/** A filter with one more condition; with one less where that stood already. */
export function toggled(filter: RowFilter, change: RowFilter): RowFilter {
  const stood = Object.keys(change).filter(
    (name) =>
      JSON.stringify(filter[name as keyof RowFilter]) === JSON.stringify(change[name as keyof RowFilter]),
  );
  return Object.fromEntries(
    Object.entries({ ...filter, ...change }).filter(([name]) => !stood.includes(name)),
  );
}

/** What a band of confidences is called: `below 50 %`, `99 % to 99.9 %`. */
export function bandName(
  band: number,
  format: Pick<Formats, 'percent'>,
  words: { below: (share: string) => string; band: (from: string, to: string) => string },
): string {
  const [from, to] = [confidenceBounds[band]!, confidenceBounds[band + 1]!];
  const percent = (share: number): string => format.percent(share, share > 0.99 && share < 1 ? 1 : 0);
  return from === 0 ? words.below(percent(to)) : words.band(percent(from), percent(to));
}
