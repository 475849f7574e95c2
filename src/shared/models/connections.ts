import type { Connections } from './layers.ts';

/** C3 of LeNet-5: which of the six S2 maps each of the 16 filters sees. LeCun et al. 1998, table I. */
export const lenet5C3: Connections = [
  ...[0, 1, 2, 3, 4, 5].map((first) => neighbours(first, 3, 6)),
  ...[0, 1, 2, 3, 4, 5].map((first) => neighbours(first, 4, 6)),
  [0, 1, 3, 4],
  [1, 2, 4, 5],
  [0, 2, 3, 5],
  [0, 1, 2, 3, 4, 5],
];

/** H3 of LeNet-1: which of the four H2 maps each of the 12 filters sees. Le Cun et al. 1990, p. 402. */
export const lenet1H3: Connections = [
  [0],
  [0, 1],
  [0, 1],
  [1],
  [0, 1],
  [0, 1],
  [2],
  [2, 3],
  [2, 3],
  [3],
  [2, 3],
  [2, 3],
];

/** C3 of our LeNet-4, in the manner of LeNet-5's: eight filters see three neighbours, seven see four, one sees all eight maps. */
export const lenet4C3: Connections = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((first) => neighbours(first, 3, 8)),
  ...[0, 1, 2, 3, 4, 5, 6].map((first) => neighbours(first, 4, 8)),
  [0, 1, 2, 3, 4, 5, 6, 7],
];

/** The 120 units of our LeNet-4: each sees four or five neighbours of the 16 maps in turn. */
export const lenet4C5: Connections = Array.from({ length: 120 }, (_, unit) =>
  neighbours(unit % 16, 4 + (unit % 2), 16),
);

/** Maps from `first` on, round the end, in ascending order. */
function neighbours(first: number, count: number, maps: number): number[] {
  return Array.from({ length: count }, (_, at) => (first + at) % maps).sort((a, b) => a - b);
}
