import type { ModelCard } from '../../shared/contract/model-card.ts';
import { CLASSES } from '../../shared/domain.ts';

/** The score of an eleventh class, for what is no digit, where a model has one and where it has none. */
export const otherScore = (rejectClass: boolean | undefined): number =>
  rejectClass ? 0 : Number.NEGATIVE_INFINITY;

/**
 * Softmax over each row of N x classes logits / temperature, in place; each row by itself, in double precision. `other` is the logit of a further class in every row, whose share is what
 * is missing to 1.
 */
export function softmax(
  logits: Float32Array,
  classes: number,
  temperature = 1,
  other = Number.NEGATIVE_INFINITY,
): Float32Array {
  for (let row = 0; row < logits.length; row += classes) {
    const values = logits.subarray(row, row + classes);
    const largest = values.reduce((a, b) => Math.max(a, b), other);
    const sum = values.reduce(
      (total, value) => total + Math.exp((value - largest) / temperature),
      Math.exp((other - largest) / temperature),
    );
    for (let at = 0; at < classes; at++) values[at] = Math.exp((values[at]! - largest) / temperature) / sum;
  }
  return logits;
}

/** Probabilities of the ten digits, N x 10, in place of a model's scores: calibrated by `temperature`, or where its card has one. */
export const digitProbabilities = (
  scores: Float32Array,
  { confidence, rejectClass }: Pick<ModelCard, 'confidence' | 'rejectClass'>,
  temperature = confidence?.temperature,
): Float32Array => softmax(scores, CLASSES, temperature, otherScore(rejectClass));

/** The smallest float32 above 0: what a probability that was rounded to 0 is at most. */
const SMALLEST = 2 ** -149;

/** Mean cross-entropy in nats and the share of rows whose largest value is the label's; N x classes softmax outputs, N labels. */
export function scoreProbabilities(
  probabilities: Float32Array,
  labels: Uint8Array,
): { loss: number; accuracy: number } {
  const classes = probabilities.length / labels.length;
  let loss = 0;
  let correct = 0;
  labels.forEach((label, row) => {
    const values = probabilities.subarray(row * classes, (row + 1) * classes);
    loss -= Math.log(Math.max(values[label]!, SMALLEST));
    if (argMax(values) === label) correct++;
  });
  return { loss: loss / labels.length, accuracy: correct / labels.length };
}

/** Position of the largest value; the first of several. */
export function argMax(values: Float32Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
