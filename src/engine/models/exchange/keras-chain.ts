import type { StudioError } from '../../../shared/errors.ts';
import {
  architecture,
  DILATION,
  TILE_SIDE,
  type Activation,
  type Architecture,
  type ArchitectureInput,
} from '../../../shared/models/layers.ts';
import { span } from '../../../shared/models/summary.ts';
import { EPSILON } from '../kernels.ts';
import { nameOf, Settings, type Config, type KerasLayer, type Refuse } from './keras-settings.ts';
import { unsupported } from './tfjs-files.ts';

/** How bytes become values: (byte / 255 - mean) / standardDeviation. */
export interface Scale {
  mean: number;
  standardDeviation: number;
}

type Written = ArchitectureInput['layers'][number];

/** Where a tensor of ours comes from: a tensor of theirs, perhaps with axes in another order, or what stands for a missing one. */
export interface Source {
  part: string;
  order?: readonly number[];
  change?: (value: number) => number;
  fallback?: number;
}

const activations: Readonly<Record<string, Activation>> = {
  linear: 'linear',
  tanh: 'tanh',
  sigmoid: 'sigmoid',
  relu: 'relu',
};

/** Layers of ours while those of a chain come in one by one. */
export class Chain {
  readonly #place: string;
  readonly #name: string;
  readonly #layers: Written[] = [];
  /** Of our tensors, by their names. */
  readonly sources = new Map<string, Source>();
  #scale: Scale;
  scaleStated = false;
  /** Of the input; null before the first layer. */
  #padding: number | null = null;
  #isFlat = false;
  /** Zeros around the maps that wait for a convolution. */
  #zeros = 0;
  #ended = false;

  constructor(place: string, name: string, scale: Scale) {
    this.#place = place;
    this.#name = name;
    this.#scale = scale;
  }

  add(layer: KerasLayer): void {
    const { class_name: kind, config } = layer;
    const refuse = (setting: string, value: unknown): StudioError =>
      unsupported(this.#place, nameOf(layer), setting, value);
    if (this.#ended) throw refuse('class_name', kind);
    if (this.#padding === null) this.#takeInput(config, refuse);
    const waits = this.#zeros > 0 && !['Conv2D', 'SeparableConv2D'].includes(kind);
    if (waits) throw refuse('class_name', kind);
    this.#convert(layer, new Settings(config, refuse));
  }

  /** Throws `layer-unsupported` for values beyond those of our layers. */
  architecture(): Architecture {
    const written: ArchitectureInput = {
      name: this.#name,
      input: { side: TILE_SIDE, channels: 1, padding: this.#padding ?? 0, ...this.#scale },
      layers: this.#layers,
    };
    const parsed = architecture.safeParse(written);
    if (parsed.success) return parsed.data;
    const [, at, setting] = parsed.error.issues[0]!.path as [string, number?, string?];
    const layer = this.#layers[at ?? -1];
    throw unsupported(
      this.#place,
      layer?.name ?? this.#name,
      setting ?? 'layers',
      layer?.[setting as keyof Written] ?? this.#layers.length,
    );
  }

  #takeInput(config: Config, refuse: Refuse): void {
    const shape = (config['batch_input_shape'] ?? config['batch_shape']) as unknown;
    const sides = Array.isArray(shape) ? (shape.slice(1) as unknown[]) : [];
    const [height, width, maps] = sides;
    if (sides.length === 1 && height === TILE_SIDE ** 2) {
      this.#isFlat = true;
      this.#padding = 0;
      return;
    }
    const padding = (Number(height) - TILE_SIDE) / 2;
    const fits = height === width && (maps === 1 || sides.length === 2) && Number.isInteger(padding);
    if (!fits || padding < 0) throw refuse('batch_input_shape', shape);
    this.#padding = padding;
    if (sides.length === 2) this.#isFlat = true;
  }

  #convert({ class_name: kind, config }: KerasLayer, settings: Settings): void {
    const name = nameOf({ class_name: kind, config });
    const { refuse } = settings;
    const add = (layer: Written, sources: Record<string, Source> = {}): void => {
      this.#layers.push(layer);
      for (const [part, source] of Object.entries(sources)) this.sources.set(`${name}/${part}`, source);
    };
    switch (kind) {
      case 'InputLayer':
        return;
      case 'Rescaling': {
        if (this.#layers.length > 0) throw refuse('class_name', kind);
        const [scale, offset] = [settings.number('scale'), settings.number('offset', 0)];
        if (scale <= 0) throw refuse('scale', scale);
        const standardDeviation = 1 / (255 * scale);
        this.#scale = { standardDeviation, mean: -offset * standardDeviation };
        this.scaleStated = true;
        return;
      }
      case 'Reshape': {
        const target = config['target_shape'];
        const whole = Array.isArray(target) && target.join() === `${TILE_SIDE},${TILE_SIDE},1`;
        if (!whole || this.#layers.length > 0) throw refuse('target_shape', target);
        this.#isFlat = false;
        return;
      }
      case 'Flatten':
        this.#isFlat = true;
        return;
      case 'ZeroPadding2D':
        this.#zeros = settings.margin('padding');
        return;
      case 'Conv2D':
      case 'SeparableConv2D':
      case 'Conv2DTranspose':
        return this.#convolution(kind, name, settings, add);
      case 'MaxPooling2D':
      case 'AveragePooling2D': {
        if (this.#isFlat) throw refuse('input', 'flat');
        const window = settings.square('pool_size', 2);
        if (settings.square('strides', window) !== window) throw refuse('strides', config['strides']);
        settings.only('padding', 'valid');
        settings.only('data_format', 'channels_last', 'channelsLast');
        add({ kind: 'pooling', name, pooling: kind === 'MaxPooling2D' ? 'max' : 'average', window });
        return;
      }
      case 'GlobalAveragePooling2D':
        settings.only('keepdims', false);
        settings.only('data_format', 'channels_last', 'channelsLast');
        add({ kind: 'global-average', name });
        this.#isFlat = true;
        return;
      case 'BatchNormalization': {
        settings.only('axis', -1, this.#isFlat ? 1 : 3, [this.#isFlat ? 1 : 3], [-1]);
        // Ours adds a constant of its own: the variance makes up for the difference.
        const epsilon = settings.number('epsilon', 1e-3);
        add(
          { kind: 'batch-normalisation', name, activation: 'linear' },
          {
            scale: { part: 'gamma', ...(config['scale'] === false && { fallback: 1 }) },
            offset: { part: 'beta', ...(config['center'] === false && { fallback: 0 }) },
            mean: { part: 'moving_mean' },
            variance: { part: 'moving_variance', change: (variance) => variance + epsilon - EPSILON },
          },
        );
        return;
      }
      case 'Dropout':
        add({ kind: 'dropout', name, rate: settings.number('rate') });
        return;
      case 'Dense': {
        if (!this.#isFlat) throw refuse('input', 'not flattened');
        add(
          {
            kind: 'dense',
            name,
            units: settings.number('units'),
            activation: this.#activation(config['activation'], refuse),
          },
          { kernel: { part: 'kernel' }, bias: biasOf(config) },
        );
        return;
      }
      case 'Activation':
        return this.#activate(config['activation'], refuse);
      case 'Softmax':
        settings.only('axis', -1, 1);
        return this.#activate('softmax', refuse);
      case 'ReLU':
        settings.only('max_value', null);
        settings.only('negative_slope', 0, null);
        settings.only('threshold', 0, null);
        return this.#activate('relu', refuse);
      default:
        throw refuse('class_name', kind);
    }
  }

  #convolution(
    kind: 'Conv2D' | 'SeparableConv2D' | 'Conv2DTranspose',
    name: string,
    settings: Settings,
    add: (layer: Written, sources: Record<string, Source>) => void,
  ): void {
    const { config, refuse } = settings;
    if (this.#isFlat) throw refuse('input', 'flat');
    if (settings.square('strides', 1) !== 1) throw refuse('strides', config['strides']);
    settings.only('data_format', 'channels_last', 'channelsLast');
    settings.only('groups', 1);
    settings.only('depth_multiplier', 1);
    settings.only('output_padding', null);
    settings.only('padding', 'valid', 'same');
    const kernel = settings.square('kernel_size');
    const dilation = settings.square('dilation_rate', 1);
    if (dilation !== 1 && (dilation !== DILATION || kind !== 'Conv2D'))
      throw refuse('dilation_rate', config['dilation_rate']);
    const type = { Conv2D: 'standard', SeparableConv2D: 'separable', Conv2DTranspose: 'transpose' } as const;
    const ours = dilation === 1 ? type[kind] : 'dilated';
    const same = config['padding'] === 'same' ? (span({ kernel, type: ours }) - 1) / 2 : 0;
    if (!Number.isInteger(same)) throw refuse('kernel_size', config['kernel_size']);
    const bias = config['use_bias'] !== false;
    add(
      {
        kind: 'convolution',
        name,
        type: ours,
        filters: settings.number('filters'),
        kernel,
        padding: same + this.#zeros,
        bias,
        activation: this.#activation(config['activation'], refuse),
      },
      {
        ...(kind === 'SeparableConv2D'
          ? { depthwise: { part: 'depthwise_kernel' }, pointwise: { part: 'pointwise_kernel' } }
          : { kernel: { part: 'kernel', ...(kind === 'Conv2DTranspose' && { order: [0, 1, 3, 2] }) } }),
        ...(bias && { bias: { part: 'bias' } }),
      },
    );
    this.#zeros = 0;
  }

  /** Softmax ends the network: ours takes it of the scores. */
  #activation(name: unknown, refuse: Refuse): Activation {
    if (name === 'softmax') {
      this.#ended = true;
      return 'linear';
    }
    const known = name == null ? 'linear' : activations[String(name)];
    if (known === undefined) throw refuse('activation', name);
    return known;
  }

  /** An activation that is a layer of its own belongs to the layer before. */
  #activate(name: unknown, refuse: Refuse): void {
    const before = this.#layers.at(-1);
    const activation = this.#activation(name, refuse);
    if (this.#ended && before) return;
    if (!before || !('activation' in before) || before.activation !== 'linear')
      throw refuse('activation', name);
    before.activation = activation;
  }
}

const biasOf = (config: Config): Source => ({
  part: 'bias',
  ...(config['use_bias'] === false && { fallback: 0 }),
});
