import { z } from 'zod';
import { epochMetrics, normalisationRecipe, trainingParameters } from '../domain.ts';
import { modelInput } from '../models/layers.ts';
import { measuredConfidence } from './confidence.ts';

/** Files that a model can be taken over from. */
export const modelSources = ['tfjs-layers', 'tfjs-graph', 'studio'] as const;
/** Who says how bytes become the network's values: the file itself, who took it over, or nobody, so that x / 255 was assumed. */
export const scaleSources = ['stated', 'given', 'assumed'] as const;

/** Where a model came from that was taken over from files. */
export const modelOrigin = z.object({
  format: z.enum(modelSources),
  /** Folder or file, without its path. */
  name: z.string(),
  /** As the file says it; null where it does not. */
  program: z.string().nullable(),
  importedAt: z.string(),
  scale: z.enum(scaleSources),
});
export type ModelOrigin = z.infer<typeof modelOrigin>;

/** What only the studio that trained a model knows. */
const trainingFacts = z.object({
  training: trainingParameters,
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
    /** Why training ran operation by operation; missing when its steps were compiled. */
    eager: z.string().optional(),
  }),
});
const { training, data, metrics, engine } = trainingFacts.shape;

/** What is known about a model; travels inside its folder (`model.json`). What a model of another program does not tell is null. */
export const modelCard = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
  studioVersion: z.string(),
  architecture: z.string(),
  /** Trainable parameters. */
  parameters: z.int(),
  normalisation: normalisationRecipe,
  training: training.nullable(),
  data: data.nullable(),
  metrics: metrics.nullable(),
  engine: engine.nullable(),
  origin: modelOrigin.optional(),
  /** Missing where it was never measured: models of before, taken over from other programs, or trained without validation digits. */
  confidence: measuredConfidence.optional(),
  /** Trained with non-digits: beside the ten scores stands an eleventh, always 0, of what is no digit. */
  rejectClass: z.boolean().optional(),
});
export type ModelCard = z.infer<typeof modelCard>;

type Trained<Card> = Card & z.infer<typeof trainingFacts>;
/** The card of a model whose training is known. */
export type TrainedCard = Trained<ModelCard>;
export const isTrained = <Card extends ModelCard>(card: Card): card is Trained<Card> =>
  card.training !== null && card.data !== null && card.metrics !== null && card.engine !== null;

/** A model's card with what its architecture does to the values, under the name that the model has in its project. */
export const shownCard = modelCard.extend({ input: modelInput });
export type ShownCard = z.infer<typeof shownCard>;

/** Bytes become (byte / 255 - mean) / standardDeviation. */
export const valueScale = z.object({
  mean: z.number().min(-10).max(10),
  standardDeviation: z.number().min(0.0001).max(1000),
});

/** What a model can be written as; `tfjs` is a folder, the others are files. */
export const exportFormats = ['onnx', 'tfjs', 'card-markdown', 'card-json'] as const;
export const exportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof exportFormat>;
