import { stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';
import { featurePass } from '../models/forward.ts';
import { CompiledReader } from '../models/inference.ts';
import { inspect } from '../models/inspect.ts';
import { digitProbabilities } from '../models/scores.ts';
import { MODEL_FILE, NO_NUMBERS, readModel, WEIGHTS_FILE, type StoredModel } from '../models/store.ts';
import type { TensorFlow } from '../tensor/load.ts';
import type { Inspection } from './types.ts';

interface LoadedModel {
  stored: StoredModel;
  /** Compiled when it first reads. */
  reader: CompiledReader | null;
  /** The same for what its last layer looks at. */
  features: CompiledReader | null;
  /** Of the two files, so that a model written anew is read anew. */
  stamp: string;
  /** Calls that read with it now. */
  users: number;
  dropped: boolean;
}

const KEPT_MODELS = 4;

/** Models in TensorFlow's memory, the last few that were used. */
export class LoadedModels {
  readonly #tf: TensorFlow;
  /** By folder, least recently used first. */
  readonly #models = new Map<string, LoadedModel>();

  constructor(tf: TensorFlow) {
    this.#tf = tf;
  }

  /** Softmax outputs, calibrated by `temperature` or the model's own, N x 10, for N x 28 x 28 bytes. Throws what `readModel` throws. */
  async classify(folder: string, tiles: Uint8Array, temperature?: number): Promise<Float32Array> {
    return this.#using(folder, async (model) => {
      const probabilities = digitProbabilities(
        await this.#scores(model, tiles),
        model.stored.card,
        temperature,
      );
      checkNumbers(folder, probabilities);
      return probabilities;
    });
  }

  /** Scores, N x 10, for N x 28 x 28 bytes. Throws what `readModel` throws. */
  async scores(folder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#using(folder, async (model) => {
      const scores = await this.#scores(model, tiles);
      checkNumbers(folder, scores);
      return scores;
    });
  }

  /** What the last layer looks at, N x features, for N x 28 x 28 bytes. Throws what `readModel` throws. */
  async features(folder: string, tiles: Uint8Array): Promise<Float32Array> {
    return this.#using(folder, async (model) => {
      const { architecture, weights } = model.stored;
      model.features ??= new CompiledReader(
        this.#tf,
        architecture,
        weights,
        featurePass(this.#tf, architecture),
      );
      const features = await model.features.logits(tiles);
      checkNumbers(folder, features);
      return features;
    });
  }

  #scores(model: LoadedModel, tiles: Uint8Array): Promise<Float32Array> {
    const { architecture, weights } = model.stored;
    model.reader ??= new CompiledReader(this.#tf, architecture, weights);
    return model.reader.logits(tiles);
  }

  /** What happens inside for one 28 x 28 tile. Throws what `readModel` throws. */
  async inspect(folder: string, tile: Uint8Array, target: number | null): Promise<Inspection> {
    return this.#using(folder, (model) => {
      const { architecture, weights } = model.stored;
      const inspection = inspect(this.#tf, architecture, weights, tile, target);
      inspection.probabilities = digitProbabilities(inspection.scores.slice(), model.stored.card);
      for (const values of [...inspection.outputs, inspection.probabilities, inspection.saliency])
        checkNumbers(folder, values);
      return inspection;
    });
  }

  async #using<Value>(folder: string, work: (model: LoadedModel) => Value | Promise<Value>): Promise<Value> {
    const model = await this.#acquire(folder);
    try {
      return await work(model);
    } finally {
      model.users--;
      free(model);
    }
  }

  /** The model of a folder, with its caller counted as a user before anyone else can drop it. */
  async #acquire(folder: string): Promise<LoadedModel> {
    const stamp = await stampOf(folder);
    const kept = this.#models.get(folder);
    if (kept?.stamp === stamp) {
      this.#models.delete(folder);
      this.#models.set(folder, kept);
      kept.users++;
      return kept;
    }
    const stored = await readModel(folder);
    const model: LoadedModel = { stored, reader: null, features: null, stamp, users: 1, dropped: false };
    this.#drop(folder);
    this.#models.set(folder, model);
    for (const oldest of [...this.#models.keys()].slice(0, -KEPT_MODELS)) this.#drop(oldest);
    return model;
  }

  #drop(folder: string): void {
    const model = this.#models.get(folder);
    if (!model) return;
    this.#models.delete(folder);
    model.dropped = true;
    free(model);
  }
}

function free({ reader, features, users, dropped }: LoadedModel): void {
  if (!dropped || users > 0) return;
  reader?.dispose();
  features?.dispose();
}

/** Weights of any size are numbers still; what they add up to need not be. Throws `model-file-damaged`. */
function checkNumbers(model: string, values: Float32Array): void {
  if (values.every(Number.isFinite)) return;
  throw new StudioError('model-file-damaged', {
    model,
    file: WEIGHTS_FILE,
    detail: NO_NUMBERS,
  });
}

/** Changes when a file of the model does; a missing file is left to `readModel` to name. */
async function stampOf(folder: string): Promise<string> {
  const stamps = [MODEL_FILE, WEIGHTS_FILE].map(async (file) => {
    const found = await stat(path.join(folder, file), { bigint: true }).catch(() => null);
    return found ? `${found.ino}:${found.mtimeNs}:${found.size}` : 'missing';
  });
  return (await Promise.all(stamps)).join(' ');
}
