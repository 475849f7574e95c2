import { CLASSES } from '../../shared/domain.ts';

export interface Suspect {
  position: number;
  /** What the given label's probability lacks to 1: the self-confidence turned round. */
  suspicion: number;
  /** Itself counted off the diagonal of the joint. */
  confident: boolean;
}

export interface ConfidentLearning {
  /** Per class the mean probability that digits of that label have of it; Infinity for a class without digits. */
  thresholds: number[];
  /** Digits by given label and by the label that they are confidently counted under; those that no class can be sure of are not in it. */
  joint: number[][];
  /** Most suspicious first. */
  suspects: Suspect[];
}

/**
 * Confident learning after Northcutt, Jiang and Chuang 2021, "Confident Learning: Estimating Uncertainty in Dataset Labels": a digit counts in the joint under
 * the most probable of the classes whose probability reaches that class's threshold (equations 1 and 2). Scaled to all digits of each label
 * (equation 3), a cell off the diagonal says how many digits of label i are an unknown j; so many are suspected, those with the largest margin
 * between j and i ("prune by noise rate", section 3.2), if j is more probable than i at all. They are ranked by self-confidence.
 *
 * @param probabilities N x 10, from models that have not seen the digit
 * @param labels N
 */
export function learnConfidently(probabilities: Float32Array, labels: Uint8Array): ConfidentLearning {
  const thresholds = classThresholds(probabilities, labels);
  const joint = table(() => 0);
  const misread = table((): { position: number; by: number }[] => []);
  const confident = new Set<number>();
  const counts = new Array<number>(CLASSES).fill(0);
  labels.forEach((label, position) => {
    const row = rowAt(probabilities, position);
    counts[label]!++;
    const counted = confidentClass(row, thresholds);
    if (counted !== null) joint[label]![counted]!++;
    if (counted !== null && counted !== label) confident.add(position);
    row.forEach((value, digit) => {
      if (value > row[label]!) misread[label]![digit]!.push({ position, by: value - row[label]! });
    });
  });
  const chosen = new Set<number>();
  misread.forEach((cells, label) => {
    const sum = joint[label]!.reduce((total, count) => total + count, 0);
    cells.forEach((cell, digit) => {
      const expected = sum === 0 ? 0 : Math.round((joint[label]![digit]! / sum) * counts[label]!);
      cell.sort((a, b) => b.by - a.by || a.position - b.position);
      for (const { position } of cell.slice(0, expected)) chosen.add(position);
    });
  });
  const suspects = [...chosen].map((position) => ({
    position,
    suspicion: 1 - probabilities[position * CLASSES + labels[position]!]!,
    confident: confident.has(position),
  }));
  suspects.sort((a, b) => b.suspicion - a.suspicion || a.position - b.position);
  return { thresholds, joint, suspects };
}

const table = <Cell>(cell: () => Cell): Cell[][] =>
  Array.from({ length: CLASSES }, () => Array.from({ length: CLASSES }, cell));

const rowAt = (probabilities: Float32Array, position: number): Float32Array =>
  probabilities.subarray(position * CLASSES, (position + 1) * CLASSES);

function classThresholds(probabilities: Float32Array, labels: Uint8Array): number[] {
  const sums = new Array<number>(CLASSES).fill(0);
  const counts = new Array<number>(CLASSES).fill(0);
  labels.forEach((label, position) => {
    sums[label]! += probabilities[position * CLASSES + label]!;
    counts[label]!++;
  });
  return sums.map((sum, label) => (counts[label] === 0 ? Infinity : sum / counts[label]!));
}

/** The most probable of the classes that reach their threshold; null where none does. */
function confidentClass(probabilities: Float32Array, thresholds: readonly number[]): number | null {
  let best: number | null = null;
  for (let digit = 0; digit < CLASSES; digit++)
    if (
      probabilities[digit]! >= thresholds[digit]! &&
      (best === null || probabilities[digit]! > probabilities[best]!)
    )
      best = digit;
  return best;
}
