import { noDigitShare } from '../../shared/confidence/no-digit.ts';
import { CLASSES } from '../../shared/domain.ts';

/** How a model read one digit. */
export interface Reading {
  digit: number;
  confidence: number;
  second: number;
  secondConfidence: number;
  /** Ten float32, little-endian. */
  probabilities: Buffer;
}

/** Best and second best of a softmax output; of equals the smaller digit comes first. */
export function readingOf(probabilities: Float32Array): Reading {
  let digit = 0;
  for (let label = 1; label < CLASSES; label++)
    if (probabilities[label]! > probabilities[digit]!) digit = label;
  let second = digit === 0 ? 1 : 0;
  for (let label = second + 1; label < CLASSES; label++)
    if (label !== digit && probabilities[label]! > probabilities[second]!) second = label;
  const bytes = Buffer.alloc(CLASSES * 4);
  probabilities.forEach((value, label) => bytes.writeFloatLE(value, label * 4));
  return {
    digit,
    confidence: probabilities[digit]!,
    second,
    secondConfidence: probabilities[second]!,
    probabilities: bytes,
  };
}

/** Whether what is missing to 1, the share of a reject class, is more than that of any digit. */
export function isNoDigit({ probabilities, confidence }: Reading): boolean {
  return noDigitShare(probabilitiesOf(probabilities)) > confidence;
}

/** The ten values of a stored reading. */
export const probabilitiesOf = (bytes: Buffer): number[] =>
  Array.from({ length: CLASSES }, (_, label) => bytes.readFloatLE(label * 4));

/** Readings for softmax outputs N x 10. */
export function readingsOf(outputs: Float32Array): Reading[] {
  const readings: Reading[] = [];
  for (let start = 0; start < outputs.length; start += CLASSES)
    readings.push(readingOf(outputs.subarray(start, start + CLASSES)));
  return readings;
}
