import { z } from 'zod';

/** Pixels along a side of a normalised digit. */
export const TILE_SIDE = 28;
export const CLASSES = 10;

/** How an architecture takes a normalised digit in: value scale and padding. */
export const modelInput = z.object({
  side: z.literal(TILE_SIDE),
  channels: z.literal(1),
  /** Bytes become (x / 255 - mean) / standardDeviation. */
  mean: z.number(),
  standardDeviation: z.number().positive(),
  /** Pixels of background added on each side, after scaling. */
  padding: z.int().min(0).max(64),
});
export type ModelInput = z.infer<typeof modelInput>;

export const activations = ['tanh', 'sigmoid', 'relu'] as const;
/** `scaled-tanh` is 1.7159 tanh(2a/3): LeCun et al. 1998, appendix A. */
export const layerActivation = z.enum([...activations, 'scaled-tanh', 'linear']);
export type Activation = z.infer<typeof layerActivation>;

export const poolings = ['average', 'max'] as const;

export const convolutionTypes = ['standard', 'separable', 'transpose', 'dilated'] as const;
export type ConvolutionType = (typeof convolutionTypes)[number];
/** Distance between the taps of a dilated convolution. */
export const DILATION = 2;

const size = z.int().min(1).max(4096);
const name = z.string().min(1).max(64);

/** For each output map the input maps that it is connected to. */
const connections = z.array(z.array(z.int().min(0)).min(1));
export type Connections = z.infer<typeof connections>;

/** With stride 1. */
const convolution = z.object({
  kind: z.literal('convolution'),
  name,
  /**
   * `standard`: each filter over its input maps. `separable`: one filter per input map, then 1 x 1 over all (Chollet 2017). `transpose`:
   * the gradient of a convolution, which enlarges the map (Zeiler et al. 2010). `dilated`: taps two pixels apart (Yu and Koltun 2016).
   */
  type: z.enum(convolutionTypes).default('standard'),
  filters: size,
  kernel: size,
  /** Zeros added on each side of the maps. */
  padding: z.int().min(0).max(64).default(0),
  /** Standard convolutions only; without it every filter sees every map. */
  connections: connections.optional(),
  /** Before batch normalisation, which has an offset, a bias does nothing. */
  bias: z.boolean().default(true),
  activation: layerActivation,
});

const layer = z.discriminatedUnion('kind', [
  convolution,
  /** Without parameters; stride equals the window. */
  z.object({ kind: z.literal('pooling'), name, pooling: z.enum(poolings), window: size }),
  /** The sum over a window times a trainable coefficient plus a bias, one pair per map: LeCun et al. 1998, section II-B. */
  z.object({
    kind: z.literal('subsampling'),
    name,
    window: size,
    /** Maps made of each map before, each with its own coefficient. */
    copies: z.int().min(1).max(16).default(1),
    activation: layerActivation,
  }),
  /** The mean of each map. */
  z.object({ kind: z.literal('global-average'), name }),
  /** Ioffe and Szegedy 2015: by the batch's statistics in training, by their running mean afterwards. */
  z.object({ kind: z.literal('batch-normalisation'), name, activation: layerActivation }),
  /** Srivastava et al. 2014, kept values divided by their share, so that reading needs no factor. */
  z.object({ kind: z.literal('dropout'), name, rate: z.number().min(0).max(0.95) }),
  /** Fully connected to all values of the layer before. */
  z.object({ kind: z.literal('dense'), name, units: size, activation: layerActivation }),
  /** One centre per class; scores by the squared distance d2 to it (LeCun et al. 1998, eq. 7). */
  z.object({
    kind: z.literal('rbf'),
    name,
    /** `codes`: the fixed 7 x 12 bitmaps of the paper's figure 3. */
    centres: z.enum(['codes', 'trainable']),
    sigma: z.enum(['fixed', 'trainable']).default('fixed'),
    /** The score: `penalty` -d2, `logarithm` -d2 / 2 sigma^2, `gaussian` exp(-d2 / 2 sigma^2). */
    response: z.enum(['penalty', 'logarithm', 'gaussian']),
  }),
]);
export type Layer = z.infer<typeof layer>;
export type LayerKind = Layer['kind'];

/**
 * Where weights begin: by the activation (Glorot and Bengio 2010, He et al. 2015); by LeCun et al. 1998 (appendix A); as PyTorch does; or
 * `centred`, for logistic units: wider, with biases that put the middle of each unit where its inputs usually are.
 */
export const initialisations = ['by-activation', 'lecun-1998', 'pytorch', 'centred'] as const;

/**
 * What a model is, as data: a value scale and padding for 28 x 28 x 1 tiles, and layers. The last layer gives ten scores, of which the
 * largest is the answer; softmax over them stays outside.
 */
export const architecture = z.object({
  name: z.string(),
  input: modelInput,
  initialisation: z.enum(initialisations).default('by-activation'),
  layers: z.array(layer).min(1).max(256),
});
export type Architecture = z.infer<typeof architecture>;
/** As it is written down: what has a default may be missing. */
export type ArchitectureInput = z.input<typeof architecture>;
