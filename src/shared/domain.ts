import { z } from 'zod';
import { architectureNames, family, type ArchitectureName } from './models/family/index.ts';
import { activations, convolutionTypes, poolings, TILE_SIDE } from './models/layers.ts';

export { activations, CLASSES, poolings, TILE_SIDE } from './models/layers.ts';

/** A digit class, 0 to 9. */
export const digitLabel = z.int().min(0).max(9);
/** Bytes of one normalised digit: 28 x 28 x 1, uint8, ink 255 on background 0. */
export const TILE_BYTES = TILE_SIDE * TILE_SIDE;

export const splits = ['train', 'test', 'unlabelled'] as const;
export const split = z.enum(splits);
export type Split = z.infer<typeof split>;

export const fileStatuses = ['queued', 'done', 'rejected', 'failed', 'skipped'] as const;
export const fileStatus = z.enum(fileStatuses);
export type FileStatus = z.infer<typeof fileStatus>;

export const polarities = ['auto', 'dark-on-light', 'light-on-dark'] as const;

/** What a person chooses of a recipe. */
export const normalisationChoice = z.object({
  polarity: z.enum(polarities).default('auto'),
  /** The box holds the ink; without it, the whole picture. */
  crop: z.boolean().default(true),
  /** Slanted digits are set upright (LeCun et al. 1998, section III.A). */
  deskew: z.boolean().default(false),
});
export type NormalisationChoice = z.infer<typeof normalisationChoice>;

/** Geometry from file to 28 x 28, owned by the model (one pipeline, engine/images). What is as it always was is left out, and older studios read it. */
export const normalisationRecipe = z.object({
  name: z.literal('lenet-studio/geometry'),
  /** 2 with `crop` or `deskew`. */
  version: z.union([z.literal(1), z.literal(2)]),
  polarity: z.enum(polarities).default('auto'),
  crop: z.literal(false).optional(),
  deskew: z.literal(true).optional(),
});
export type NormalisationRecipe = z.infer<typeof normalisationRecipe>;

/** The recipe of a choice; the same choice gives the same JSON. */
export const normalisationOf = ({ polarity, crop, deskew }: NormalisationChoice): NormalisationRecipe => ({
  name: 'lenet-studio/geometry',
  version: crop && !deskew ? 1 : 2,
  polarity,
  ...(!crop && { crop }),
  ...(deskew && { deskew }),
});
export const choiceOf = ({ polarity, crop, deskew }: NormalisationRecipe): NormalisationChoice => ({
  polarity,
  crop: crop ?? true,
  deskew: deskew ?? false,
});
export const sameNormalisation = (one: NormalisationRecipe, other: NormalisationRecipe): boolean =>
  JSON.stringify(choiceOf(one)) === JSON.stringify(choiceOf(other));
export const usualNormalisation: NormalisationChoice = { polarity: 'auto', crop: true, deskew: false };
export const defaultRecipe = normalisationOf(usualNormalisation);

export const losses = ['cross-entropy', 'eq8', 'eq9', 'mse'] as const;
export const optimisers = ['momentum', 'adam', 'sdlm'] as const;
export const schedules = ['constant', 'cosine', 'one-cycle', 'lecun-1998'] as const;

/** What a user sets on the Train page and on `studio train`. */
export const trainingParameters = z.object({
  architecture: z.enum(architectureNames).default('lenet5'),
  /** Kinds of convolutions that are not the architecture's own, by layer. */
  convolutions: z.record(z.string(), z.enum(convolutionTypes)).default({}),
  activation: z.enum(activations).default('tanh'),
  pooling: z.enum(poolings).default('max'),
  /** Share of the values before a dense layer that dropout takes away. */
  dropout: z.number().min(0).max(0.9).default(0),
  /** `eq8` and `eq9` are those of LeCun et al. 1998, for RBF outputs; `mse` wants outputs of 1 and -1. */
  loss: z.enum(losses).default('cross-entropy'),
  /** Penalty j of the rubbish class in eq. 9; the paper prints none. */
  rubbish: z.number().min(0).max(1000).default(20),
  /** `sdlm`: stochastic diagonal Levenberg-Marquardt, one digit per update (LeCun et al. 1998, appendix C). */
  optimiser: z.enum(optimisers).default('momentum'),
  epochs: z.int().min(1).max(1000).default(5),
  /** Digits per step. */
  batchSize: z.int().min(1).max(4096).default(64),
  learningRate: z.number().positive().max(10).default(0.03),
  /** Of the learning rate over the epochs: it falls from it, or with `one-cycle` rises to it and falls. */
  schedule: z.enum(schedules).default('constant'),
  momentum: z.number().min(0).max(0.999).default(0.9),
  /** Share of each kernel taken away per step and unit of learning rate. */
  weightDecay: z.number().min(0).max(1).default(0),
  /** Share of the running mean of the weights that a step keeps; 0: no mean is taken. */
  averaging: z.number().min(0).max(0.99999).default(0),
  /** Largest rotation of a distorted digit, in degrees to either side. */
  rotation: z.number().min(0).max(45).default(0),
  /** Width and height are divided by 1 - s to 1 + s, each by itself: scaling and squeezing. */
  scaling: z.number().min(0).max(0.5).default(0),
  /** Largest horizontal shear, pixels per pixel of height. */
  shear: z.number().min(0).max(1).default(0),
  /** Largest shift in either direction, in pixels. */
  shift: z.number().min(0).max(8).default(0),
  /** Strength of elastic distortion, in pixels (Simard et al. 2003); 0: none. */
  elasticStrength: z.number().min(0).max(100).default(0),
  /** Standard deviation of its smoothing, in pixels. */
  elasticSmoothing: z.number().min(1).max(14).default(4),
  /** Epochs without a better one after which training ends; 0: it runs to its end. */
  patience: z.int().min(0).max(1000).default(0),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** Share of the training split that is set aside to choose the best epoch, 0 to 0.5. */
  validationShare: z.number().min(0).max(0.5).default(0.1),
  /** Non-digits that a reject class is trained with, as a share of the training digits that they are made from; 0: no such class. */
  nonDigits: z.number().min(0).max(1).default(0),
});
export type TrainingParameters = z.infer<typeof trainingParameters>;
export const defaultParameters: TrainingParameters = trainingParameters.parse({});

/** How training digits are distorted. */
export const distortionParameters = trainingParameters.pick({
  rotation: true,
  scaling: true,
  shear: true,
  shift: true,
  elasticStrength: true,
  elasticSmoothing: true,
});
export type DistortionParameters = z.infer<typeof distortionParameters>;
/** Whether any of it is on. */
export const isDistorting = ({
  rotation,
  scaling,
  shear,
  shift,
  elasticStrength,
}: DistortionParameters): boolean =>
  rotation > 0 || scaling > 0 || shear > 0 || shift > 0 || elasticStrength > 0;

/** The parameters that an architecture is trained with unless the user says otherwise. */
export const recipeOf = (
  architecture: ArchitectureName,
  changes: Partial<TrainingParameters> = {},
): TrainingParameters =>
  trainingParameters.parse({ architecture, ...family[architecture].recipe, ...changes });

/** Updates that stochastic diagonal Levenberg-Marquardt makes in one step, one digit each. */
const SDLM_UPDATES = 20;
/** Digits of a step, all but perhaps the last of an epoch. */
export const digitsPerStep = ({
  optimiser,
  batchSize,
}: Pick<TrainingParameters, 'optimiser' | 'batchSize'>): number =>
  optimiser === 'sdlm' ? SDLM_UPDATES : batchSize;

/** Figures of one finished epoch: the mean training loss as the parameters name it, validation's cross-entropy in nats, accuracies 0 to 1. */
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
export const curvePoint = z.object({
  step: z.int(),
  loss: z.number(),
  accuracy: z.number(),
  /** Least and largest of the losses that it is the mean of; absent for one loss alone. */
  low: z.number().optional(),
  high: z.number().optional(),
});
export type CurvePoint = z.infer<typeof curvePoint>;

/** Rows are labels, columns are what the model read; counts. */
export type ConfusionMatrix = number[][];
