import { z } from 'zod';

/** A digit class, 0 to 9. */
export const digitLabel = z.int().min(0).max(9);
export const TILE_SIDE = 28;
/** Bytes of one normalised digit: 28 x 28 x 1, uint8, ink 255 on background 0. */
export const TILE_BYTES = TILE_SIDE * TILE_SIDE;
export const CLASSES = 10;

export const splits = ['train', 'test', 'unlabelled'] as const;
export const split = z.enum(splits);
export type Split = z.infer<typeof split>;

export const fileStatuses = ['queued', 'done', 'rejected', 'failed', 'skipped'] as const;
export const fileStatus = z.enum(fileStatuses);
export type FileStatus = z.infer<typeof fileStatus>;

/** Geometry from file to 28 x 28, owned by the model (one pipeline, engine/images). */
export const normalisationRecipe = z.object({
  name: z.literal('lenet-studio/geometry'),
  version: z.literal(1),
  polarity: z.enum(['auto', 'dark-on-light', 'light-on-dark']).default('auto'),
});
export type NormalisationRecipe = z.infer<typeof normalisationRecipe>;
export const defaultRecipe: NormalisationRecipe = {
  name: 'lenet-studio/geometry',
  version: 1,
  polarity: 'auto',
};

export const activations = ['tanh', 'sigmoid', 'relu'] as const;
export const poolings = ['average', 'max'] as const;

/** What a user sets on the Train page and on `studio train`. */
export const trainingParameters = z.object({
  activation: z.enum(activations).default('tanh'),
  pooling: z.enum(poolings).default('max'),
  epochs: z.int().min(1).max(1000).default(5),
  /** Digits per step. */
  batchSize: z.int().min(1).max(4096).default(64),
  learningRate: z.number().positive().max(10).default(0.03),
  momentum: z.number().min(0).max(0.999).default(0.9),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Share of the training split that is set aside to choose the best epoch, 0 to 0.5. */
  validationShare: z.number().min(0).max(0.5).default(0.1),
});
export type TrainingParameters = z.infer<typeof trainingParameters>;
export const defaultParameters: TrainingParameters = trainingParameters.parse({});

/** Figures of one finished epoch. Loss is mean cross-entropy in nats, accuracy is 0 to 1. */
export const epochMetrics = z.object({
  epoch: z.int().min(1),
  trainLoss: z.number(),
  trainAccuracy: z.number(),
  validationLoss: z.number().nullable(),
  validationAccuracy: z.number().nullable(),
  /** Training steps alone, validation left out. */
  seconds: z.number(),
});
export type EpochMetrics = z.infer<typeof epochMetrics>;

/** One point of the live curve: a mean over the steps since the point before. */
export const curvePoint = z.object({ step: z.int(), loss: z.number(), accuracy: z.number() });
export type CurvePoint = z.infer<typeof curvePoint>;

/** Rows are labels, columns are what the model read; counts. */
export type ConfusionMatrix = number[][];
