import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { epochMetrics } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { Checkpoint } from '../compute/types.ts';
import { writeFileAtomic } from '../project/atomic.ts';
import { packTensors, tensorIndex, unpackTensors } from '../models/tensor-pack.ts';

const FILE = 'checkpoint.bin';
const HASH_BYTES = 32;
const LENGTH_BYTES = 4;

const header = z.object({
  format: z.literal('lenet-studio/checkpoint'),
  /** 1: at the end of epochs only. */
  version: z.union([z.literal(1), z.literal(2)]),
  epoch: z.int().min(0),
  step: z.int().min(0).default(0),
  steps: z.int().min(0).nullable().default(null),
  data: z.string().nullable().default(null),
  sums: z
    .object({ loss: z.number(), correct: z.number(), images: z.number(), seconds: z.number() })
    .default({ loss: 0, correct: 0, images: 0, seconds: 0 }),
  metrics: z.array(epochMetrics),
  bestEpoch: z.int().min(0),
  /** Over the one pack that follows. */
  weights: tensorIndex,
  optimiser: tensorIndex,
  bestWeights: tensorIndex,
});

/**
 * Keeps the newest checkpoint of a run in its folder, in one file: SHA-256 of the rest, length of the JSON header (uint32, little
 * endian), header, tensors. Throws `disk-full` or `cannot-write`.
 */
export async function saveCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { weights, optimiser, bestWeights, ...rest } = checkpoint;
  const { index, bytes } = packTensors([...weights, ...optimiser, ...bestWeights]);
  const content: z.infer<typeof header> = {
    format: 'lenet-studio/checkpoint',
    version: 2,
    ...rest,
    weights: index.slice(0, weights.length),
    optimiser: index.slice(weights.length, weights.length + optimiser.length),
    bestWeights: index.slice(weights.length + optimiser.length),
  };
  const json = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(json.length);
  const body = Buffer.concat([length, json, bytes]);
  await writeFileAtomic(path.join(folder, FILE), Buffer.concat([hashOf(body), body]));
}

/**
 * The checkpoint in a run's folder; null when there is none, or when it is not what was written. Throws `folder-unreadable` when it may
 * be there and cannot be read: the run would begin anew and write over it.
 */
export async function loadCheckpoint(folder: string): Promise<Checkpoint | null> {
  const file = await readFile(path.join(folder, FILE)).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null;
    throw new StudioError('folder-unreadable', { folder, detail: cause.code ?? cause.message }, { cause });
  });
  return file && parse(file);
}

function parse(file: Buffer): Checkpoint | null {
  try {
    const body = file.subarray(HASH_BYTES);
    if (!hashOf(body).equals(file.subarray(0, HASH_BYTES))) return null;
    const end = LENGTH_BYTES + body.readUInt32LE();
    const content = header.parse(JSON.parse(body.toString('utf8', LENGTH_BYTES, end)));
    const pack = body.subarray(end);
    const { epoch, step, steps, data, sums, metrics, bestEpoch } = content;
    return {
      ...{ epoch, step, steps, data, sums, metrics, bestEpoch },
      weights: unpackTensors(content.weights, pack),
      optimiser: unpackTensors(content.optimiser, pack),
      bestWeights: unpackTensors(content.bestWeights, pack),
    };
  } catch {
    return null;
  }
}

const hashOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
