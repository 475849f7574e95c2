import { z } from 'zod';
import { StudioError } from '../../../shared/errors.ts';
import type { Architecture } from '../../../shared/models/layers.ts';
import { elements, parameterSpecs, type ParameterSpec } from '../../../shared/models/summary.ts';
import type { NamedTensor } from '../../compute/types.ts';
import { Chain, type Scale, type Source } from './keras-chain.ts';
import { kerasLayer, nameOf, type Config, type KerasLayer } from './keras-settings.ts';
import { transposed } from './tensors.ts';
import { unsupported, type TfjsModel } from './tfjs-files.ts';

export interface LayersModel {
  architecture: Architecture;
  /** In the order of `parameterSpecs`. */
  weights: NamedTensor[];
  /** The file itself said how bytes become values. */
  scaleStated: boolean;
}

/**
 * A layers model of TensorFlow.js or Keras that is a plain chain of layers, as an architecture of ours and its weights. `scale` holds where
 * the model does not begin with `Rescaling`. Throws `layer-unsupported` for what no layer of ours is like, `model-wrong-shape`.
 */
export function readLayersModel(model: TfjsModel, scale: Scale): LayersModel {
  const { name, layers } = layersOf(model);
  const chain = new Chain(model.place, name, scale);
  layers.forEach((layer) => chain.add(layer));
  const architecture = chain.architecture();
  const weights = parameterSpecs(architecture).map((spec) => takeTensor(model, spec, chain.sources));
  return { architecture, weights, scaleStated: chain.scaleStated };
}

/** The layers in order. */
function layersOf({ modelTopology, place }: TfjsModel): { name: string; layers: KerasLayer[] } {
  const topology = (modelTopology['model_config'] ?? modelTopology) as Config;
  const kind = topology['class_name'];
  const config = topology['config'] as Config | unknown[] | undefined;
  const list = Array.isArray(config) ? config : config?.['layers'];
  const parsed = z.array(kerasLayer).min(1).max(256).safeParse(list);
  if (!['Sequential', 'Model', 'Functional'].includes(String(kind)) || !parsed.success)
    throw new StudioError('model-format-unknown', { model: place, format: String(kind) });
  const layers = parsed.data;
  if (kind !== 'Sequential') layers.forEach((layer, at) => checkChained(place, layer, layers[at - 1]));
  const name = Array.isArray(config) ? undefined : config?.['name'];
  return { name: typeof name === 'string' && name ? name : String(kind), layers };
}

/** Throws for a layer that takes in anything but the layer before it. */
function checkChained(place: string, layer: KerasLayer, before: KerasLayer | undefined): void {
  const nodes = layer.inbound_nodes as [[[string]]] | [] | undefined;
  const only = nodes?.length === 1 && nodes[0].length === 1 ? nodes[0][0][0] : undefined;
  if (before ? only === before.config['name'] : !nodes?.length) return;
  throw unsupported(place, nameOf(layer), 'inbound_nodes', layer.inbound_nodes);
}

const DIMENSIONS = 'x';

/** A tensor of ours from theirs. Throws `model-wrong-shape`. */
function takeTensor(
  { tensors, place }: TfjsModel,
  spec: ParameterSpec,
  sources: ReadonlyMap<string, Source>,
): NamedTensor {
  const { name, shape } = spec;
  const source = sources.get(name)!;
  const layer = name.slice(0, name.lastIndexOf('/'));
  const found = tensors.find((tensor) => isPart(tensor.name, layer, source.part));
  if (!found && source.fallback !== undefined)
    return { name, shape, values: new Float32Array(elements(shape)).fill(source.fallback) };
  const { order } = source;
  const expected = (order ? order.map((axis) => shape[axis]) : shape).join(DIMENSIONS);
  const actual = found?.shape.join(DIMENSIONS) ?? '-';
  if (!found || actual !== expected)
    throw new StudioError('model-wrong-shape', {
      model: place,
      tensor: `${layer}/${source.part}`,
      expected,
      found: actual,
    });
  const { values } = order ? transposed(found, order) : found;
  return { name, shape, values: source.change ? values.map(source.change) : values };
}

/** `layer/kernel`, `sequential/layer/kernel`, `layer/layer/kernel:0`. */
function isPart(tensor: string, layer: string, part: string): boolean {
  const segments = tensor.replace(/:\d+$/, '').split('/');
  return segments.pop() === part && (segments.includes(layer) || segments.join('/') === layer);
}
