import type { Run } from '../../../shared/contract/index.ts';

export const orders = ['newest', 'name', 'testError'] as const;
export interface RunOrder {
  by: (typeof orders)[number];
  descending: boolean;
}

export const newestFirst: RunOrder = { by: 'newest', descending: true };

/** The order after a press on a column's head: upwards, downwards, and back to the newest first. */
export function nextOrder({ by, descending }: RunOrder, pressed: 'name' | 'testError'): RunOrder {
  if (by !== pressed) return { by: pressed, descending: false };
  return descending ? newestFirst : { by, descending: true };
}

/** Runs without a figure come last either way. */
export function sortRuns(runs: readonly Run[], { by, descending }: RunOrder): readonly Run[] {
  const sign = descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    if (by === 'name')
      return sign * a.name.localeCompare(b.name, undefined, { numeric: true }) || b.id - a.id;
    if (by === 'newest') return sign * (a.id - b.id);
    if (a.testAccuracy === null || b.testAccuracy === null)
      return Number(a.testAccuracy === null) - Number(b.testAccuracy === null) || b.id - a.id;
    return sign * (b.testAccuracy - a.testAccuracy) || b.id - a.id;
  });
}
