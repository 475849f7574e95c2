import type { DigitQuery } from '../../../shared/contract/index.ts';
import type { Architecture } from '../../../shared/models/layers.ts';
import { elements, summarise, type LayerSummary } from '../../../shared/models/summary.ts';
import { client } from '../../app/client.ts';
import { forgetWithProject } from '../../app/state.svelte.ts';
import { unpack, type Tensor } from './tiles.ts';

/** A model's layers and its weights by their names. */
export interface OpenModel {
  architecture: Architecture;
  layers: readonly LayerSummary[];
  tensors: ReadonlyMap<string, Tensor>;
}

/** One digit inside a model. */
export interface DigitInside {
  modelId: number;
  model: OpenModel;
  ref: string;
  label: number | null;
  name: string;
  pixels: Uint8Array;
  scores: readonly number[];
  probabilities: readonly number[];
  answer: number;
  target: number;
  /** What each layer gives: height x width x maps. */
  outputs: readonly Float32Array[];
  saliency: Float32Array;
}

export interface Look extends DigitInside {
  /** Its place among the digits of its source, and how many those are. */
  index: number;
  total: number;
}

/** The model that was looked at last: its files do not change. */
let kept: { modelId: number; model: Promise<OpenModel> } | null = null;
forgetWithProject(() => (kept = null));

async function readOpenModel(modelId: number): Promise<OpenModel> {
  const { architecture, weights } = await client.models.architecture({ modelId });
  const layers = summarise(architecture);
  const specs = layers.flatMap(({ parameters }) => parameters);
  const values = unpack(
    await weights.arrayBuffer(),
    specs.map(({ shape }) => elements(shape)),
  );
  const tensors = new Map(specs.map(({ name, shape }, at) => [name, { shape, values: values[at]! }]));
  return { architecture, layers, tensors };
}

export function openModel(modelId: number): Promise<OpenModel> {
  if (kept?.modelId !== modelId) {
    const model = readOpenModel(modelId);
    kept = { modelId, model };
    // Asked again, it is read again.
    model.catch(() => (kept = kept?.model === model ? null : kept));
  }
  return kept.model;
}

export interface LookWanted {
  modelId: number;
  query: DigitQuery;
  index: number;
  target: number | null;
}

export async function readInside(
  asked: { modelId: number; ref: string; target: number | null },
  signal?: AbortSignal,
): Promise<DigitInside> {
  const [model, found] = await Promise.all([
    openModel(asked.modelId),
    client.models.inspect(asked, { signal }),
  ]);
  const [pixels, outputs, saliency] = await Promise.all(
    [found.pixels, found.outputs, found.saliency].map((blob) => blob.arrayBuffer()),
  );
  return {
    ...found,
    modelId: asked.modelId,
    model,
    pixels: new Uint8Array(pixels!),
    outputs: unpack(
      outputs!,
      model.layers.map(({ output }) => elements(output)),
    ),
    saliency: new Float32Array(saliency!),
  };
}

/** Null where no digit fits the query; past the last one that one is taken. */
async function readLook({ modelId, query, index, target }: LookWanted): Promise<Look | null> {
  const first = await client.digits.page({ query, offset: index, limit: 1 });
  if (first.total === 0) return null;
  const at = Math.min(index, first.total - 1);
  const [row] = at === index ? first.rows : (await client.digits.page({ query, offset: at, limit: 1 })).rows;
  const found = await readInside({ modelId, ref: row!.ref, target });
  return { ...found, index: at, total: first.total };
}

let newest = 0;
let turn: Promise<unknown> = Promise.resolve();

/** One after the other, however fast the keys come: of those that wait only the newest is read, for the others nobody asks any more. */
export function look(wanted: LookWanted): Promise<Look | null> {
  const own = ++newest;
  const result = turn.then(() => (own === newest ? readLook(wanted) : null));
  turn = result.catch(() => undefined);
  return result;
}
