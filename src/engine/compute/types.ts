import type {
  CurvePoint,
  DistortionParameters,
  EpochMetrics,
  TrainingParameters,
} from '../../shared/domain.ts';
import type { Gate } from '../jobs/gate.ts';

export interface ComputeInfo {
  tensorflow: string;
  node: string;
  platform: string;
  threads: { intraOp: number; interOp: number };
  /** Environment settings that TensorFlow was started with. */
  flags: Record<string, string>;
}

/** Digits in memory: tiles are N x 28 x 28 uint8 (ink 255 on 0), labels N x uint8. */
export interface LabelledTiles {
  tiles: Uint8Array;
  labels: Uint8Array;
}

export interface NamedTensor {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** Sums over the steps of an epoch. */
export interface EpochSums {
  loss: number;
  correct: number;
  images: number;
  seconds: number;
}

/** All that training needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** Finished epochs. */
  epoch: number;
  /** Finished steps of the epoch after those, with their sums; 0 at the end of an epoch. */
  step: number;
  sums: EpochSums;
  /** Finished steps over all epochs; null in a checkpoint of an older version, which ends with an epoch. */
  steps: number | null;
  /** SHA-256 over the digits and labels of the run, hex; null in a checkpoint that does not say. */
  data: string | null;
  weights: NamedTensor[];
  /** What the optimiser keeps beside the weights. */
  optimiser: NamedTensor[];
  /** Figures of the finished epochs, and the best of them so far with its weights; 0 and none before the first. */
  metrics: EpochMetrics[];
  bestEpoch: number;
  bestWeights: NamedTensor[];
}

export interface TrainRequest {
  parameters: TrainingParameters;
  train: LabelledTiles;
  /** Empty when the validation share is 0: then the last epoch counts as best. */
  validation: LabelledTiles;
  /** Goes on from there. */
  resume?: Checkpoint;
}

export interface TrainProgress {
  /** Finished steps over all epochs. */
  step: number;
  stepsPerEpoch: number;
  imagesPerSecond: number;
  learningRate: number;
}

export interface TrainListener {
  points(points: CurvePoint[]): void;
  progress(progress: TrainProgress): void;
  epoch(metrics: EpochMetrics, checkpoint: Checkpoint): void;
  /** In the middle of an epoch. */
  checkpoint(checkpoint: Checkpoint): void;
}

export interface TrainResult {
  bestEpoch: number;
  bestWeights: NamedTensor[];
  epochs: EpochMetrics[];
  /** Steady state after the first 50 steps, validation left out; null for fewer steps. */
  imagesPerSecond: number | null;
  /** Why the steps ran operation by operation; null when they were compiled. */
  eager: string | null;
}

/** How a model reads one digit. */
export interface Inspection {
  /** What each layer gives, in the order of the architecture: height x width x maps. */
  outputs: Float32Array[];
  /** Ten scores, their softmax, and the class of the largest. */
  scores: Float32Array;
  probabilities: Float32Array;
  answer: number;
  /** The class whose score `saliency` is the derivative of: 28 x 28, score per byte. */
  target: number;
  saliency: Float32Array;
}

/** How a training is held. */
export interface TrainControl {
  /** Absent: it never stands still. */
  gate?: Gate | undefined;
  /** For tests: milliseconds between two checkpoints in the middle of an epoch. */
  checkpointInterval?: number | undefined;
}

/** TensorFlow in a process of its own; its calls are synchronous, the engine must stay free to answer. */
export interface Compute {
  info(): Promise<ComputeInfo>;
  /**
   * Rejects with StudioError `cancelled` within a second of the signal, `compute-stopped` when the process dies. Stands still within a second
   * while the gate is closed, with its last step in a checkpoint.
   */
  train(
    request: TrainRequest,
    listener: TrainListener,
    signal: AbortSignal,
    control?: TrainControl,
  ): Promise<TrainResult>;
  /**
   * Softmax outputs, N x 10, calibrated by `temperature` or, without it, by that of the model's card where it has one, for N x 28 x 28 uint8 tiles, read with the model in that folder. Always runs at one fixed, padded batch
   * size, so that a digit's answer does not depend on its neighbours.
   */
  classify(modelFolder: string, tiles: Uint8Array, temperature?: number): Promise<Float32Array>;
  /** What `classify` takes the softmax of: scores, N x 10, not divided by the temperature. */
  scores(modelFolder: string, tiles: Uint8Array): Promise<Float32Array>;
  /** What the model's last layer looks at, N x features float32, for N x 28 x 28 uint8 tiles. */
  features(modelFolder: string, tiles: Uint8Array): Promise<Float32Array>;
  /** N x 28 x 28 uint8 tiles as a training step would show them, each in its own way; the same seed gives the same. */
  distort(tiles: Uint8Array, parameters: DistortionParameters, seed: number): Promise<Uint8Array>;
  /** What happens inside that model for one 28 x 28 tile; `target` null: saliency of the class that is answered. */
  inspect(modelFolder: string, tile: Uint8Array, target: number | null): Promise<Inspection>;
  close(): Promise<void>;
}
