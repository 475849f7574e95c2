import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { modelCard, type ModelCard } from '../../shared/contract/model-card.ts';
import { StudioError } from '../../shared/errors.ts';
import { architecture, type Architecture } from '../../shared/models/layers.ts';
import { parameterSpecs } from '../../shared/models/summary.ts';
import type { NamedTensor } from '../compute/types.ts';
import { replaceableEntries, writeFolderAtomic } from '../project/atomic.ts';
import { packedBytes, packTensors, tensorIndex, unpackTensors } from './tensor-pack.ts';

export interface StoredModel {
  card: ModelCard;
  architecture: Architecture;
  /** In the order of `parameterSpecs(architecture)`. */
  weights: NamedTensor[];
}

/** The two files of a model folder. */
export const MODEL_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.bin';
/** Detail of `model-file-damaged` for a model whose answers are not finite. */
export const NO_NUMBERS = 'its outputs are no numbers';

const FORMAT = 'lenet-studio/model';
/** 2: layer kinds beyond standard convolution, pooling and dense. 3: measured on other than validation digits. */
const VERSION = 3;
/** The oldest that can say it, so that older studios read what they understand. */
const versionOf = ({ confidence }: ModelCard): number =>
  confidence === undefined || confidence.split === 'validation' ? 2 : VERSION;

const header = z.object({ format: z.literal(FORMAT), version: z.int() });
const modelFile = header.extend({
  architecture,
  card: modelCard,
  weights: z.object({ tensors: tensorIndex, bytes: z.int(), sha256: z.string() }),
});

/** Whether JSON is that of a model of this studio, whatever its version. */
export const isStudioModel = (content: unknown): boolean => header.safeParse(content).success;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes a model folder as a whole: `model.json` and `weights.bin`; a model that is there alone is replaced. Throws `file-exists` when
 * the folder holds something else, `disk-full`, `cannot-write`.
 */
export async function writeModel(folder: string, model: StoredModel): Promise<void> {
  const { index, bytes } = packTensors(model.weights);
  const content: z.infer<typeof modelFile> = {
    format: FORMAT,
    version: versionOf(model.card),
    architecture: model.architecture,
    card: model.card,
    weights: { tensors: index, bytes: bytes.length, sha256: sha256(bytes) },
  };
  const json = new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
  await writeFolderAtomic(folder, { [MODEL_FILE]: json, [WEIGHTS_FILE]: bytes }, (names) =>
    isModelAlone(folder, names),
  );
}

/**
 * Looks at the place for a model before hours of training go into it. Throws `file-exists` when something is there, but for a model
 * that may be replaced, and `cannot-write`.
 */
export async function checkModelTarget(folder: string, replace: boolean): Promise<void> {
  await replaceableEntries(folder, async (names) => replace && (await isModelAlone(folder, names)));
}

/** Whether a folder holds a model of this studio and nothing else; TensorFlow.js calls its files the same. */
async function isModelAlone(folder: string, names: readonly string[]): Promise<boolean> {
  if (!names.every((name) => name === MODEL_FILE || name === WEIGHTS_FILE)) return false;
  try {
    const content: unknown = JSON.parse(await readFile(path.join(folder, MODEL_FILE), 'utf8'));
    return isStudioModel(content);
  } catch {
    return false;
  }
}

/**
 * Reads a model folder and checks all of it. Throws `model-file-missing`, `model-file-damaged`, `model-newer` or `model-wrong-shape`.
 */
export async function readModel(folder: string): Promise<StoredModel> {
  const { architecture, card, weights } = parseModelFile(folder, await readModelFile(folder, MODEL_FILE));
  checkShapes(folder, architecture, weights.tensors);
  const bytes = await readModelFile(folder, WEIGHTS_FILE);
  const expected = Math.max(weights.bytes, packedBytes(weights.tensors));
  if (bytes.length !== expected) {
    throw damaged(folder, WEIGHTS_FILE, `${bytes.length} bytes instead of ${expected}`);
  }
  if (sha256(bytes) !== weights.sha256) throw damaged(folder, WEIGHTS_FILE, 'SHA-256 differs');
  const tensors = unpackTensors(weights.tensors, bytes);
  const broken = tensors.find(({ values }) => !values.every(Number.isFinite));
  if (broken) throw damaged(folder, WEIGHTS_FILE, `${broken.name} holds what is no number`);
  return { card, architecture, weights: tensors };
}

async function readModelFile(folder: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(path.join(folder, file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new StudioError('model-file-missing', { model: folder, file }, { cause: error });
    }
    throw damaged(folder, file, code ?? String(error));
  }
}

function parseModelFile(folder: string, bytes: Uint8Array): z.infer<typeof modelFile> {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw damaged(folder, MODEL_FILE, 'not JSON');
  }
  const known = header.safeParse(content);
  if (!known.success) throw damaged(folder, MODEL_FILE, `not ${FORMAT}`);
  // Before the rest: a newer version may well look different.
  if (known.data.version > VERSION) {
    throw new StudioError('model-newer', { model: folder, found: known.data.version, known: VERSION });
  }
  const parsed = modelFile.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw damaged(folder, MODEL_FILE, `${issue!.path.join('.')}: ${issue!.message}`);
  }
  return parsed.data;
}

function checkShapes(folder: string, model: Architecture, tensors: z.infer<typeof tensorIndex>): void {
  const specs = parameterSpecs(model);
  const written = (shape: readonly number[] | undefined): string => shape?.join('x') ?? '-';
  for (let at = 0; at < Math.max(specs.length, tensors.length); at++) {
    const spec = specs[at];
    const tensor = tensors[at];
    if (spec?.name === tensor?.name && written(spec?.shape) === written(tensor?.shape)) continue;
    throw new StudioError('model-wrong-shape', {
      model: folder,
      tensor: spec?.name ?? tensor!.name,
      expected: written(spec?.shape),
      found: spec && tensor && spec.name !== tensor.name ? tensor.name : written(tensor?.shape),
    });
  }
}

const damaged = (model: string, file: string, detail: string): StudioError =>
  new StudioError('model-file-damaged', { model, file, detail });
