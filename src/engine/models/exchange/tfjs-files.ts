import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../shared/errors.ts';
import { elements } from '../../../shared/models/summary.ts';
import type { NamedTensor } from '../../compute/types.ts';
import { TFJS_FILE } from './tfjs-graph.ts';

const manifest = z.array(
  z.object({
    paths: z.array(z.string().min(1)).min(1),
    weights: z.array(
      z.object({
        name: z.string(),
        shape: z.array(z.int().min(0)),
        dtype: z.string(),
        quantization: z.object({ dtype: z.string() }).optional(),
      }),
    ),
  }),
);
const modelFile = z.object({
  format: z.string().nullish(),
  generatedBy: z.string().nullish(),
  convertedBy: z.string().nullish(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: manifest,
  userDefinedMetadata: z.record(z.string(), z.unknown()).nullish(),
});

/** A model of TensorFlow.js as its files have it. */
export interface TfjsModel extends Omit<z.infer<typeof modelFile>, 'weightsManifest'> {
  /** The folder, for errors. */
  place: string;
  /** Float32; tensors of other types are left out. */
  tensors: NamedTensor[];
}

const BYTES: Record<string, number> = { float32: 4, int32: 4, uint8: 1, bool: 1 };
/** What a network that reads digits stays far below. */
const MOST_BYTES = 512 * 2 ** 20;

/** Where a model's JSON lies: in the folder that was named, or the file itself. */
export async function modelJson(place: string): Promise<{ folder: string; file: string }> {
  const there = await stat(place).catch(() => null);
  return there?.isFile()
    ? { folder: path.dirname(place), file: path.basename(place) }
    : { folder: place, file: TFJS_FILE };
}

/** The content of a model's JSON file. Throws `model-file-missing` or `model-file-damaged`. */
export async function readJson(folder: string, file: string): Promise<unknown> {
  const bytes = await read(folder, file);
  try {
    return JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw damaged(folder, file, 'not JSON');
  }
}

/**
 * The model that a JSON file describes, with its weights. Throws `model-file-missing` for a missing shard, `model-file-damaged` for one
 * of another length, and `layer-unsupported` for weights that are kept in a smaller type.
 */
export async function readTfjs(folder: string, file: string, content: unknown): Promise<TfjsModel> {
  const parsed = modelFile.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(folder, file, `${issue!.path.join('.')}: ${issue!.message}`);
  }
  const { weightsManifest, ...rest } = parsed.data;
  const tensors: NamedTensor[] = [];
  for (const { paths, weights } of weightsManifest) {
    const sizes = weights.map(({ name, shape, dtype, quantization }) => {
      const size = BYTES[dtype];
      if (quantization) throw unsupported(folder, name, 'quantization', quantization.dtype);
      if (size === undefined) throw unsupported(folder, name, 'dtype', dtype);
      return elements(shape) * size;
    });
    const bytes = await readShards(
      folder,
      file,
      paths,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    let offset = 0;
    weights.forEach(({ name, shape, dtype }, at) => {
      const own = bytes.slice(offset, (offset += sizes[at]!));
      if (dtype !== 'float32') return;
      const values = new Float32Array(own.buffer, own.byteOffset, elements(shape));
      if (!values.every(Number.isFinite)) throw damaged(folder, paths[0]!, `${name} holds what is no number`);
      tensors.push({ name, shape, values });
    });
  }
  return { ...rest, place: folder, tensors };
}

/** The shards of a group one after the other. Only files of the folder itself are read, whatever the model says. */
async function readShards(
  folder: string,
  file: string,
  paths: readonly string[],
  expected: number,
): Promise<Uint8Array> {
  if (expected > MOST_BYTES) throw damaged(folder, file, `weights of ${expected} bytes`);
  const outside = paths.find((name) => name !== path.basename(name) || name.includes('\\') || name === '..');
  if (outside !== undefined) throw damaged(folder, file, `weightsManifest names ${outside}`);
  const parts: Uint8Array[] = [];
  let found = 0;
  for (const name of paths) {
    const size = (await stat(path.join(folder, name)).catch(() => null))?.size ?? 0;
    found += size;
    if (found > expected) break;
    parts.push(await read(folder, name));
  }
  if (found !== expected)
    throw damaged(folder, paths.at(-1)!, `${found} bytes instead of ${expected} in ${paths.join(', ')}`);
  // Not a Buffer, whose slices would share its memory.
  return new Uint8Array(Buffer.concat(parts));
}

async function read(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(path.join(folder, file));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new StudioError('model-file-missing', { model: folder, file }, { cause });
    throw damaged(folder, file, code);
  }
}

const damaged = (model: string, file: string, detail: string): StudioError =>
  new StudioError('model-file-damaged', { model, file, detail });

/** A layer or tensor that no layer of the studio's is like, by the setting that stands against it. */
export const unsupported = (model: string, layer: string, setting: string, value: unknown): StudioError =>
  new StudioError('layer-unsupported', { model, layer, setting, value: written(value) });

const written = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '-');
