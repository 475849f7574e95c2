import type { TrainingParameters } from '../domain.ts';
import { StudioError } from '../errors.ts';
import { architectureFor } from './family/index.ts';
import type { Architecture, Layer } from './layers.ts';
import { activationOf, readLayers, type LayerSummary } from './summary.ts';

/** Why parameters cannot be trained with. The kind chooses the sentence (shared/messages), the rest fills it in. */
export type FitIssue =
  /** `eq8` and `eq9` of the 1998 paper are made of an RBF layer's penalties. */
  | { kind: 'loss-wants-penalties'; loss: 'eq8' | 'eq9'; layer: string }
  /** Mean squared error has the targets 1 and -1. */
  | { kind: 'loss-wants-signs'; layer: string }
  | NoCurvature
  /** `needed` and `found` are sides, such as `5x5`. */
  | { kind: 'wrong-shape'; layer: string; needed: string; found: string }
  | { kind: 'no-such-layer'; layer: string };

/** A layer that second derivatives cannot be carried back through. */
interface NoCurvature {
  kind: 'no-curvature';
  layer: string;
  part: 'pooling' | 'batch-normalisation' | 'dropout' | 'rbf';
}

/** The layers of an architecture as far as they fit, and what stops them. */
export interface FittedNetwork {
  /** Null when the parameters name a layer that it does not have. */
  model: Architecture | null;
  layers: LayerSummary[];
  issue: FitIssue | null;
}

/** All that keeps parameters from being trained with, shapes first; empty when nothing does. */
export function fitIssues(parameters: TrainingParameters): FitIssue[] {
  const { model, issue } = fittedNetwork(parameters);
  if (!model) return issue ? [issue] : [];
  const obstacle = parameters.optimiser === 'sdlm' ? curvatureObstacle(model) : null;
  return [issue, lossIssue(model, parameters), obstacle].filter((found) => found !== null);
}

/** Throws `training-does-not-fit` with the first issue, if there is any. */
export function checkFit(parameters: TrainingParameters): void {
  const [issue] = fitIssues(parameters);
  if (issue) throw new StudioError('training-does-not-fit', { ...issue });
}

/** What can be said of a network whether or not its shapes fit. */
export function fittedNetwork(parameters: TrainingParameters): FittedNetwork {
  const layers: LayerSummary[] = [];
  let model: Architecture | null = null;
  try {
    model = architectureFor(parameters);
    for (const layer of readLayers(model)) layers.push(layer);
    return { model, layers, issue: null };
  } catch (error) {
    return { model, layers, issue: issueOf(error) };
  }
}

/** Throws what is no matter of fitting. */
function issueOf(error: unknown): FitIssue {
  if (error instanceof StudioError) {
    const { tensor, expected, found, id } = error.params;
    if (error.code === 'unknown-id') return { kind: 'no-such-layer', layer: String(id) };
    if (error.code === 'model-wrong-shape')
      return { kind: 'wrong-shape', layer: String(tensor), needed: String(expected), found: String(found) };
  }
  throw error;
}

function lossIssue(model: Architecture, { loss }: TrainingParameters): FitIssue | null {
  const last = model.layers.at(-1)!;
  switch (loss) {
    case 'cross-entropy':
      return null;
    case 'eq8':
    case 'eq9':
      return last.kind === 'rbf' && last.response === 'penalty'
        ? null
        : { kind: 'loss-wants-penalties', loss, layer: last.name };
    case 'mse':
      return reachesBothSigns(last) ? null : { kind: 'loss-wants-signs', layer: last.name };
  }
}

const reachesBothSigns = (layer: Layer): boolean =>
  layer.kind === 'dense' && ['linear', 'tanh', 'scaled-tanh'].includes(activationOf(layer));

/**
 * The first layer that stochastic diagonal Levenberg-Marquardt cannot train (LeCun et al. 1998, appendix C, knows sums, means and fixed
 * RBF codes); null when it can train all.
 */
export function curvatureObstacle({ layers }: Architecture): NoCurvature | null {
  for (const layer of layers) {
    const { kind, name } = layer;
    const stops =
      kind === 'batch-normalisation' ||
      kind === 'dropout' ||
      (kind === 'pooling' && layer.pooling === 'max') ||
      (kind === 'rbf' && (layer.centres !== 'codes' || layer.response !== 'penalty'));
    if (stops) return { kind: 'no-curvature', layer: name, part: kind };
  }
  return null;
}
