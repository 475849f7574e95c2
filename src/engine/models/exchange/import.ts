import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { modelCard, type ModelCard, type ModelOrigin } from '../../../shared/contract/model-card.ts';
import { defaultRecipe } from '../../../shared/domain.ts';
import { StudioError } from '../../../shared/errors.ts';
import { architecture } from '../../../shared/models/layers.ts';
import { countParameters, parameterSpecs } from '../../../shared/models/summary.ts';
import { isStudioModel, MODEL_FILE, readModel, type StoredModel } from '../store.ts';
import { readLayersModel } from './keras.ts';
import type { Scale } from './keras-chain.ts';
import { METADATA } from './tfjs.ts';
import { modelJson, readJson, readTfjs, type TfjsModel } from './tfjs-files.ts';

export interface ImportOptions {
  /** For a model that does not say how bytes become values; without it, byte / 255 is assumed. */
  scale?: Scale | undefined;
  /** Without it the model's own, or the folder's. */
  name?: string | undefined;
  studioVersion: string;
}

/** Values from 0 to 1: the examples of TensorFlow.js and Keras have it so. */
export const ASSUMED_SCALE: Scale = { mean: 0, standardDeviation: 1 };

/**
 * A model from the files of TensorFlow.js (a graph model that a studio wrote, or a layers model that is a plain chain), or a model folder
 * of a studio. `place` is the folder, or its JSON file. Its card says where it came from. Throws `model-file-missing`,
 * `model-file-damaged`, `model-newer`, `model-wrong-shape`, `layer-unsupported`, `model-format-unknown`.
 */
export async function importModel(place: string, options: ImportOptions): Promise<ImportedModel> {
  const { folder, file } = await modelJson(place);
  const content = await readJson(folder, file);
  const read = isStudioModel(content)
    ? await readStudioModel(folder, file)
    : readOther(await readTfjs(folder, file, content), options);
  const { card } = read.model;
  const origin: ModelOrigin = card.origin ?? {
    ...read.origin,
    name: path.basename(path.resolve(folder)),
    importedAt: new Date().toISOString(),
  };
  return { ...read.model, card: { ...card, name: options.name ?? card.name, origin } };
}

/** A model whose card says where it came from. */
export interface ImportedModel extends StoredModel {
  card: ModelCard & { origin: ModelOrigin };
}

interface Read {
  model: StoredModel;
  origin: Pick<ModelOrigin, 'format' | 'program' | 'scale'>;
}

async function readStudioModel(folder: string, file: string): Promise<Read> {
  if (file !== MODEL_FILE) throw new StudioError('model-file-missing', { model: folder, file: MODEL_FILE });
  const model = await readModel(folder);
  const program = `LeNet Studio ${model.card.studioVersion}`;
  return { model, origin: { format: 'studio', program, scale: 'stated' } };
}

function readOther(model: TfjsModel, options: ImportOptions): Read {
  const program = [model.generatedBy, model.convertedBy].filter(Boolean).join(', ') || null;
  const own = model.userDefinedMetadata?.[METADATA];
  if (own !== undefined)
    return {
      model: readOwnGraph(model, own),
      origin: { format: 'tfjs-graph', program, scale: 'stated' },
    };
  if (model.format === 'graph-model' || 'node' in model.modelTopology)
    throw new StudioError('model-format-unknown', { model: model.place, format: 'graph-model' });
  const { architecture, weights, scaleStated } = readLayersModel(model, options.scale ?? ASSUMED_SCALE);
  const now = new Date().toISOString();
  return {
    model: {
      architecture,
      weights,
      card: {
        id: randomUUID(),
        name: path.basename(path.resolve(model.place)),
        createdAt: now,
        studioVersion: options.studioVersion,
        architecture: architecture.name,
        parameters: countParameters(architecture),
        normalisation: defaultRecipe,
        training: null,
        data: null,
        metrics: null,
        engine: null,
      },
    },
    origin: {
      format: 'tfjs-layers',
      program,
      scale: scaleStated ? 'stated' : options.scale ? 'given' : 'assumed',
    },
  };
}

const VERSION = 1;
const ownMetadata = z.object({ version: z.int(), architecture, card: modelCard });

/** A graph that a studio wrote: its architecture stands beside it, its constants are the tensors. */
function readOwnGraph({ place, tensors }: TfjsModel, metadata: unknown): StoredModel {
  const version = z.object({ version: z.int() }).safeParse(metadata).data?.version;
  if (version !== undefined && version > VERSION)
    throw new StudioError('model-newer', { model: place, found: version, known: VERSION });
  const parsed = ownMetadata.safeParse(metadata);
  if (!parsed.success)
    throw new StudioError('model-file-damaged', {
      model: place,
      file: MODEL_FILE,
      detail: `userDefinedMetadata: ${parsed.error.issues[0]!.message}`,
    });
  const { architecture: model, card } = parsed.data;
  const weights = parameterSpecs(model).map(({ name, shape }) => {
    const found = tensors.find((tensor) => tensor.name === name);
    const [expected, actual] = [shape.join('x'), found?.shape.join('x') ?? '-'];
    if (!found || expected !== actual)
      throw new StudioError('model-wrong-shape', { model: place, tensor: name, expected, found: actual });
    return { name, shape, values: found.values };
  });
  return { architecture: model, card, weights };
}
