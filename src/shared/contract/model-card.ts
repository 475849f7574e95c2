import { z } from 'zod';
import { epochMetrics, normalisationRecipe, trainingParameters } from '../domain.ts';
import { modelInput } from '../models/layers.ts';

/** What is known about a trained model; travels inside its folder (`model.json`). */
export const modelCard = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  studioVersion: z.string(),
  architecture: z.string(),
  /** Trainable parameters. */
  parameters: z.int(),
  training: trainingParameters,
  normalisation: normalisationRecipe,
  data: z.object({
    name: z.string(),
    /** SHA-256 over tiles and labels in training order, hex. */
    hash: z.string(),
    trainCount: z.int(),
    validationCount: z.int(),
    testCount: z.int(),
  }),
  metrics: z.object({
    bestEpoch: z.int(),
    epochs: z.array(epochMetrics),
    testLoss: z.number().nullable(),
    testAccuracy: z.number().nullable(),
    /** Steady state after the first 50 steps, validation left out. */
    imagesPerSecond: z.number().nullable(),
  }),
  /** Same seed, same machine and these settings give the same weights, bit for bit. */
  engine: z.object({
    tensorflow: z.string(),
    node: z.string(),
    platform: z.string(),
    threads: z.object({ intraOp: z.int(), interOp: z.int() }),
    flags: z.record(z.string(), z.string()),
  }),
});
export type ModelCard = z.infer<typeof modelCard>;

/** A model's card with what its architecture does to the values, under the name that the model has in its project. */
export const shownCard = modelCard.extend({ input: modelInput });
export type ShownCard = z.infer<typeof shownCard>;
