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

/** What is kept of a distribution: ascending values with the share of all that is smaller. */
export const sketch = z.object({
  count: z.int().min(0),
  points: z.array(z.object({ value: z.number(), below: share })).max(100),
});
export type Sketch = z.infer<typeof sketch>;

/** How far digits are from those that a model was measured on, in one quantity. */
export const likeness = z.object({
  /** Largest difference of the distribution functions. */
  distance: share,
  /** What of it is certain in spite of few digits. */
  certain: share,
  /** 1: the values are larger than those measured, -1: smaller. */
  shift: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  unlike: z.boolean(),
});
export type Likeness = z.infer<typeof likeness>;

/** How like the digits of a batch are to those that its model was measured on. */
export const batchLikeness = z.object({
  /** How many were looked at. */
  digits: z.int().min(1),
  confidence: likeness,
  ink: likeness.nullable(),
});
export type BatchLikeness = z.infer<typeof batchLikeness>;

/** The digits of a data set that a model is measured on. */
export const measuredSplits = ['validation', 'train', 'test'] as const;
export const measuredSplit = z.enum(measuredSplits);
export type MeasuredSplit = z.infer<typeof measuredSplit>;
/** With fewer digits a temperature and a curve say nothing. */
export const fewestMeasured = 50;

/** Whether the model was trained with the digits that it was measured on. */
const seen = z.enum(['no', 'unknown', 'yes']);

/** What a model's confidences are worth, as measured on labelled digits. */
export const measuredConfidence = z.object({
  /** Name of the data set. */
  data: z.string(),
  /** At the end of a training validation digits, which chose its best epoch, no more; others only when a person asks for it. */
  split: measuredSplit,
  /** Missing where training measured it: no. */
  seen: seen.optional(),
  digits: z.int().min(1),
  /** Scores are divided by it before the softmax. */
  temperature: z.number().positive(),
  before: reliability,
  after: reliability,
  /** From threshold 0 on: ever more rejected, ever fewer errors among the accepted. */
  curve: z.array(errorRejectPoint).min(1),
  /** How the measured digits are, so that others can be compared with them; missing in models of older studios. */
  reference: z
    .object({
      /** Calibrated confidence. */
      confidence: sketch,
      /** Mean of the tile's bytes, 0 to 255. */
      ink: sketch,
    })
    .optional(),
});
export type MeasuredConfidence = z.infer<typeof measuredConfidence>;

/** What a user asks of a batch: at most so many errors among the accepted, at most so many rejected, or a threshold itself. */
export const rejectWish = z.union([
  z.strictObject({ maxError: share }),
  z.strictObject({ maxRejected: share }),
  z.strictObject({ threshold: share }),
]);
export type RejectWish = z.infer<typeof rejectWish>;

/** What a threshold did on the digits that the model's confidences were measured on. */
export const promised = z.object({
  /** Share of the accepted digits that were read wrong. */
  error: share,
  /** Upper bound of that share among all digits like those, 95 % certain for a threshold that was not chosen by them. */
  bound: share,
  /** Share of all digits that were rejected. */
  rejected: share,
  /** How many digits that was: accepted, of these read wrong, and all. */
  accepted: z.int().min(0),
  errors: z.int().min(0),
  digits: z.int().min(1),
  data: z.string(),
  /** Missing in what older studios kept: validation digits that the model had not seen. */
  split: measuredSplit.optional(),
  seen: seen.optional(),
  /** False: for the next smaller threshold of the curve. */
  exact: z.boolean(),
});
export type Promised = z.infer<typeof promised>;

/** Which digits are rejected, what was wished for, and what may be expected of it. */
export const rejection = z.object({
  /** Calibrated confidences below it are rejected. */
  threshold: share,
  wish: rejectWish,
  /** Null: the model was not measured. For a threshold between two points of the curve it is that of the lower one. */
  promise: promised.nullable(),
});
export type Rejection = z.infer<typeof rejection>;
