import { z } from 'zod';

const share = z.number().min(0).max(1);

/** Digits whose confidence lies in one of 15 ranges of equal width, with the means of what was said and of what was right. */
export const reliabilityBin = z.object({
  count: z.int().min(0),
  confidence: share.nullable(),
  accuracy: share.nullable(),
});
export type ReliabilityBin = z.infer<typeof reliabilityBin>;
const reliability = z.object({
  /** Expected calibration error. */
  error: share,
  bins: z.array(reliabilityBin),
});

/** With answers below the threshold rejected: how many digits are accepted, and how many of those are read wrong. */
export const errorRejectPoint = z.object({
  threshold: share,
  accepted: z.int().min(1),
  errors: z.int().min(0),
});
export type ErrorRejectPoint = z.infer<typeof errorRejectPoint>;

/** What a model's confidences are worth, as measured on digits that it was not trained with. */
export const measuredConfidence = z.object({
  /** Name of the data set. */
  data: z.string(),
  /** Validation digits choose the best epoch, no more; test digits are never used for this. */
  split: z.literal('validation'),
  digits: z.int().min(1),
  /** Scores are divided by it before the softmax. */
  temperature: z.number().positive(),
  before: reliability,
  after: reliability,
  /** From threshold 0 on: ever more rejected, ever fewer errors among the accepted. */
  curve: z.array(errorRejectPoint).min(1),
});
export type MeasuredConfidence = z.infer<typeof measuredConfidence>;

/** What a user asks of a batch: at most so many errors among the accepted, at most so many rejected, or a threshold itself. */
export const rejectWish = z.union([
  z.strictObject({ maxError: share }),
  z.strictObject({ maxRejected: share }),
  z.strictObject({ threshold: share }),
]);
export type RejectWish = z.infer<typeof rejectWish>;
