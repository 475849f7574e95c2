import { trainingParameters, type TrainingParameters } from '../../../shared/domain.ts';

export const numericFields = [
  'epochs',
  'batchSize',
  'learningRate',
  'momentum',
  'seed',
  'validationShare',
] as const;
export type NumericField = (typeof numericFields)[number];

/** The recipe while it is being typed: numbers are text, the validation share is in per cent. */
export type RecipeDraft = Pick<TrainingParameters, 'activation' | 'pooling'> & Record<NumericField, string>;

/** Why a field cannot be used; limits in the unit that the field shows. */
export type FieldIssue =
  | { kind: 'missing' }
  | { kind: 'not-a-number' }
  | { kind: 'not-whole' }
  | { kind: 'out-of-range'; low: number; lowIncluded: boolean; high: number };

const percent = (field: NumericField): number => (field === 'validationShare' ? 100 : 1);
/** Takes the dust off a product with 100, such as 0.07 * 100 = 7.000000000000001. */
const clean = (value: number): number => Number(value.toPrecision(12));

export function draftOf(parameters: TrainingParameters): RecipeDraft {
  const numbers = Object.fromEntries(
    numericFields.map((field) => [field, String(clean(parameters[field] * percent(field)))]),
  ) as Record<NumericField, string>;
  return { activation: parameters.activation, pooling: parameters.pooling, ...numbers };
}

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

/** Reads a draft: the parameters to train with, or what is wrong with which field. */
export function checkRecipe(draft: RecipeDraft): {
  parameters: TrainingParameters | null;
  issues: Partial<Record<NumericField, FieldIssue>>;
} {
  const issues: Partial<Record<NumericField, FieldIssue>> = {};
  const numbers: Partial<Record<NumericField, number>> = {};
  for (const field of numericFields) {
    const answer = checkField(field, draft[field]);
    if (typeof answer === 'number') numbers[field] = answer;
    else issues[field] = answer;
  }
  if (Object.keys(issues).length > 0) return { parameters: null, issues };
  const { activation, pooling } = draft;
  return { parameters: trainingParameters.parse({ activation, pooling, ...numbers }), issues };
}
