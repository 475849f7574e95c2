import { recipeOf, trainingParameters, type TrainingParameters } from '../../../shared/domain.ts';
import {
  architectureFor,
  convolutionsOf,
  type ArchitectureName,
} from '../../../shared/models/family/index.ts';
import type { ConvolutionType } from '../../../shared/models/layers.ts';
import { isUsed } from '../../../shared/models/used.ts';

export const numericFields = [
  'dropout',
  'rubbish',
  'epochs',
  'batchSize',
  'learningRate',
  'momentum',
  'weightDecay',
  'averaging',
  'rotation',
  'scaling',
  'shear',
  'shift',
  'elasticStrength',
  'elasticSmoothing',
  'patience',
  'seed',
  'validationShare',
  'nonDigits',
] as const;
export type NumericField = (typeof numericFields)[number];

export type Parameter = keyof TrainingParameters;
type Kinds = TrainingParameters['convolutions'];
type Choices = Omit<TrainingParameters, NumericField>;

/** The parameters of a group, in the order of the pane. */
export const groups = {
  network: ['activation', 'pooling', 'dropout', 'convolutions'],
  run: ['epochs', 'patience', 'seed', 'validationShare', 'nonDigits'],
  optimiser: [
    'loss',
    'rubbish',
    'optimiser',
    'learningRate',
    'schedule',
    'batchSize',
    'momentum',
    'weightDecay',
    'averaging',
  ],
  distortions: ['rotation', 'scaling', 'shear', 'shift', 'elasticStrength', 'elasticSmoothing'],
} as const satisfies Record<string, readonly Parameter[]>;
export type Group = keyof typeof groups;

/** The recipe while it is being typed: numbers are text, some shares are in per cent. */
export type RecipeDraft = Choices & Record<NumericField, string>;

/** Why a field cannot be used; limits in the unit that the field shows. */
export type FieldIssue =
  | { kind: 'missing' }
  | { kind: 'not-a-number' }
  | { kind: 'not-whole' }
  | { kind: 'out-of-range'; low: number; lowIncluded: boolean; high: number };

const PERCENT: readonly NumericField[] = ['validationShare', 'dropout', 'scaling', 'nonDigits'];
const percent = (field: NumericField): number => (PERCENT.includes(field) ? 100 : 1);
/** Takes the dust off a product with 100, such as 0.07 * 100 = 7.000000000000001. */
const clean = (value: number): number => Number(value.toPrecision(12));

export const isNumeric = (parameter: Parameter): parameter is NumericField =>
  numericFields.some((field) => field === parameter);

export function draftOf(parameters: TrainingParameters): RecipeDraft {
  const numbers = Object.fromEntries(
    numericFields.map((field) => [field, String(clean(parameters[field] * percent(field)))]),
  ) as Record<NumericField, string>;
  return { ...parameters, ...numbers };
}

/** An architecture with its own recipe; what is the user's own about a run stays. */
export const withArchitecture = (draft: RecipeDraft, name: ArchitectureName): RecipeDraft => ({
  ...draftOf(recipeOf(name)),
  seed: draft.seed,
  validationShare: draft.validationShare,
});

/** Limits of a field from the one schema that the engine checks with, in the unit that the field shows. */
export function limitsOf(field: NumericField): { low: number; lowIncluded: boolean; high: number } {
  const schema = trainingParameters.shape[field].unwrap();
  const scale = percent(field);
  return {
    low: clean((schema.minValue ?? Number.NEGATIVE_INFINITY) * scale),
    lowIncluded: schema.safeParse(schema.minValue).success,
    high: clean((schema.maxValue ?? Number.POSITIVE_INFINITY) * scale),
  };
}

function checkField(field: NumericField, text: string): number | FieldIssue {
  // A decimal comma is what half of Europe types.
  const typed = text.trim().replace(',', '.');
  if (typed === '') return { kind: 'missing' };
  const shown = Number(typed);
  if (!Number.isFinite(shown)) return { kind: 'not-a-number' };
  const value = clean(shown / percent(field));
  const parsed = trainingParameters.shape[field].safeParse(value);
  if (parsed.success) return value;
  const whole = parsed.error.issues.some((issue) => issue.code === 'invalid_type');
  return whole ? { kind: 'not-whole' } : { kind: 'out-of-range', ...limitsOf(field) };
}

export interface RecipeCheck {
  /** To train with; null where something is wrong with a field. */
  parameters: TrainingParameters | null;
  issues: Partial<Record<NumericField, FieldIssue>>;
  /** The parameters with the recipe's own in the place of those that are wrong: what can be shown meanwhile. */
  nearest: TrainingParameters;
}

/** Reads a draft. A field that changes nothing is not looked at: it keeps the recipe's own value. */
export function checkRecipe(draft: RecipeDraft): RecipeCheck {
  const issues: RecipeCheck['issues'] = {};
  const nearest = { ...draft, ...recipeOf(draft.architecture) };
  for (const group of Object.values(groups))
    for (const parameter of group) {
      if (!isUsed(parameter, draft)) continue;
      if (!isNumeric(parameter)) {
        Object.assign(nearest, { [parameter]: draft[parameter] });
        continue;
      }
      const answer = checkField(parameter, draft[parameter]);
      if (typeof answer === 'number') nearest[parameter] = answer;
      else issues[parameter] = answer;
    }
  const whole = Object.keys(issues).length === 0;
  return { parameters: whole ? nearest : null, issues, nearest };
}

/** The parameters of a group that are not as the architecture's recipe has them. */
export function differences(group: Group, parameters: TrainingParameters): Parameter[] {
  const recipe = recipeOf(parameters.architecture);
  return groups[group].filter(
    (parameter) =>
      isUsed(parameter, parameters) &&
      JSON.stringify(parameters[parameter]) !== JSON.stringify(recipe[parameter]),
  );
}

/** With a convolution of another kind; the kind that the architecture gives it is no change. */
export function withKind(parameters: TrainingParameters, layer: string, kind: ConvolutionType): Kinds {
  const { [layer]: _, ...others } = parameters.convolutions;
  const own = convolutionsOf(architectureFor({ ...parameters, convolutions: {} })).find(
    ({ name }) => name === layer,
  );
  const all = kind === own?.type ? others : { ...others, [layer]: kind };
  // In the order of their names, so that the same choices are the same recipe.
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => a.localeCompare(b)));
}
