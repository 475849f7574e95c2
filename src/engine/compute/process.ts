import { checkCancelled } from '../jobs/flow.ts';
import { Gate } from '../jobs/gate.ts';
import {
  loadTensorFlow,
  settingsFromEnvironment,
  tensorFlowVersion,
  type TensorFlow,
} from '../tensor/load.ts';
import { distortedTiles } from '../training/distortions.ts';
import { runTraining } from '../training/loop.ts';
import { Channel } from './channel.ts';
import { LoadedModels } from './models.ts';
import {
  toWireError,
  type CallInputs,
  type CallMessage,
  type CallResults,
  type CallKind,
  type FromCompute,
  type ToCompute,
  type TrainUpdate,
} from './protocol.ts';
import type { ComputeInfo, Inspection, TrainResult } from './types.ts';

/**
 * Entry of the computing process. Trainings run one after another; `info`, `classify`, `inspect` and `distort` are answered between two
 * training steps.
 */
class ComputeServer {
  readonly #channel: Channel<FromCompute, ToCompute>;
  readonly #trainable = new Map<number, { stop: AbortController; gate: Gate }>();
  #trainings: Promise<unknown> = Promise.resolve();
  #loaded: { tf: TensorFlow; models: LoadedModels } | null = null;

  constructor() {
    this.#channel = new Channel(process, (message: ToCompute) => {
      if (message.kind === 'cancel') this.#trainable.get(message.call)?.stop.abort();
      else if (message.kind === 'pause') this.#trainable.get(message.call)?.gate.set(message.paused);
      else void this.#answer(message);
    });
  }

  async #answer(message: CallMessage): Promise<void> {
    const { call } = message;
    try {
      const result = await this.#perform(message);
      this.#post({ kind: 'done', call, result });
    } catch (error) {
      this.#post({ kind: 'failed', call, error: toWireError(error) });
    }
  }

  /** A message that cannot be sent has nobody to read it: the channel is closed, and that ends this process. */
  #post(message: FromCompute): void {
    this.#channel.post(message).catch(() => undefined);
  }

  #perform(message: CallMessage): Promise<CallResults[CallKind]> {
    switch (message.kind) {
      case 'info':
        return this.#info();
      case 'train':
        return this.#train(message.call, message.input);
      case 'classify':
        return this.#classify(message.input);
      case 'scores':
        return this.#scores(message.input.modelFolder, message.input.tiles);
      case 'features':
        return this.#features(message.input.modelFolder, message.input.tiles);
      case 'distort':
        return this.#distort(message.input);
      case 'inspect':
        return this.#inspect(message.input);
    }
  }

  async #info(): Promise<ComputeInfo> {
    return {
      tensorflow: tensorFlowVersion(this.#load().tf),
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
      ...settingsFromEnvironment(process.env),
    };
  }

  async #classify({ modelFolder, tiles, temperature }: CallInputs['classify']): Promise<Float32Array> {
    return this.#load().models.classify(modelFolder, tiles, temperature);
  }

  async #scores(modelFolder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#load().models.scores(modelFolder, tiles);
  }

  async #features(modelFolder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#load().models.features(modelFolder, tiles);
  }

  async #distort({ tiles, parameters, seed }: CallInputs['distort']): Promise<Uint8Array> {
    return distortedTiles(this.#load().tf, tiles, parameters, seed);
  }

  async #inspect({ modelFolder, tile, target }: CallInputs['inspect']): Promise<Inspection> {
    return this.#load().models.inspect(modelFolder, tile, target);
  }

  #train(call: number, { request, checkpointInterval }: CallInputs['train']): Promise<TrainResult> {
    const [stop, gate] = [new AbortController(), new Gate()];
    this.#trainable.set(call, { stop, gate });
    const { signal } = stop;
    const send = (update: TrainUpdate): void => this.#post({ kind: 'update', call, update });
    const training = this.#trainings
      .then(() => {
        checkCancelled(signal);
        return runTraining(
          this.#load().tf,
          request,
          {
            points: (points) => send({ kind: 'points', points }),
            progress: (progress) => send({ kind: 'progress', progress }),
            epoch: (metrics, checkpoint) => send({ kind: 'epoch', metrics, checkpoint }),
            checkpoint: (checkpoint) => send({ kind: 'checkpoint', checkpoint }),
          },
          signal,
          { gate, checkpointInterval },
        );
      })
      .finally(() => this.#trainable.delete(call));
    this.#trainings = training.catch(() => undefined);
    return training;
  }

  #load(): { tf: TensorFlow; models: LoadedModels } {
    if (!this.#loaded) {
      const tf = loadTensorFlow();
      this.#loaded = { tf, models: new LoadedModels(tf) };
    }
    return this.#loaded;
  }
}

// The parent is gone or has closed the channel: nobody waits for the rest.
process.on('disconnect', () => process.exit(0));
// Ctrl+C in a terminal reaches every process of its group; what it means is the parent's to say.
process.on('SIGINT', () => undefined);
new ComputeServer();
