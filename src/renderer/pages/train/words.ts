import type { TrainingParameters } from '../../../shared/domain.ts';
import type { Activation, Layer } from '../../../shared/models/layers.ts';
import { activationOf } from '../../../shared/models/summary.ts';
import type { Formats, Messages } from '../../../shared/messages/index.ts';
import { draftOf, isNumeric, type FieldIssue, type Parameter } from './recipe.ts';

type Words = Pick<Messages, 'train' | 'recipe'>;

/** A parameter's value as it is read, numbers with all their digits and their unit. */
export function parameterText(
  parameter: Parameter,
  parameters: TrainingParameters,
  { train, recipe }: Words,
  format: Formats,
): string {
  if (isNumeric(parameter)) {
    const units: Partial<Record<Parameter, string>> = train.units;
    return recipe.value(draftOf(parameters)[parameter], units[parameter] ?? '');
  }
  switch (parameter) {
    case 'architecture':
      return recipe.architectures[parameters.architecture].name;
    case 'convolutions':
      return (
        format.list(
          Object.entries(parameters.convolutions).map(([layer, kind]) => `${layer} ${recipe.kinds[kind]}`),
        ) || recipe.network.ownKinds
      );
    case 'activation':
      return train.activations[parameters.activation];
    case 'pooling':
      return train.poolings[parameters.pooling];
    case 'loss':
      return recipe.losses[parameters.loss];
    case 'optimiser':
      return recipe.optimisers[parameters.optimiser];
    case 'schedule':
      return recipe.schedules[parameters.schedule];
  }
}

/** What a layer is, in few words: its kind where there is no choice of one, its window and its activation. */
export function layerText(layer: Layer, { recipe }: Words, format: Formats): string {
  const { layers } = recipe;
  const square = (side: number): string => `${side}×${side}`;
  const activation = activationText(activationOf(layer), recipe);
  switch (layer.kind) {
    case 'convolution':
      return format.list([square(layer.kernel), activation]);
    case 'pooling':
      return `${layers.pooling[layer.pooling]} ${square(layer.window)}`;
    case 'subsampling':
      return format.list([`${layers.subsampling} ${square(layer.window)}`, activation]);
    case 'dropout':
      return layers.dropout(format.percent(layer.rate, 0));
    case 'rbf':
      return layers.rbf[layer.response];
    default:
      return format.list([layers[layer.kind], activation]);
  }
}

const activationText = (activation: Activation, { layerActivations }: Messages['recipe']): string =>
  layerActivations[activation];

/** Why a field cannot be used. */
export function issueText(issue: FieldIssue, { issues }: Messages['train'], format: Formats): string {
  switch (issue.kind) {
    case 'missing':
      return issues.missing;
    case 'not-a-number':
      return issues.notANumber;
    case 'not-whole':
      return issues.notWhole;
    case 'out-of-range': {
      // Whole limits to their last digit: a seed goes up to 4,294,967,295.
      const written = (limit: number): string =>
        Number.isInteger(limit) ? format.count(limit) : String(limit);
      const [low, high] = [written(issue.low), written(issue.high)];
      return issue.lowIncluded ? issues.between(low, high) : issues.above(low, high);
    }
  }
}
