import { describe, expect, it } from 'vitest';
import { defaultParameters } from '../../../shared/domain.ts';
import { checkRecipe, draftOf, limitsOf } from './recipe.ts';

const draft = draftOf(defaultParameters);

describe('checkRecipe', () => {
  it('gives the defaults back that it was given', () => {
    expect(checkRecipe(draft)).toEqual({ parameters: defaultParameters, issues: {} });
  });
  it('shows the validation share in per cent, without rounding dust', () => {
    expect(draftOf({ ...defaultParameters, validationShare: 0.07 }).validationShare).toBe('7');
    expect(checkRecipe({ ...draft, validationShare: '29' }).parameters?.validationShare).toBe(0.29);
  });
  it('takes a decimal comma and an exponent', () => {
    expect(checkRecipe({ ...draft, learningRate: ' 0,02 ' }).parameters?.learningRate).toBe(0.02);
    expect(checkRecipe({ ...draft, learningRate: '1e-3' }).parameters?.learningRate).toBe(0.001);
  });
  it.each([
    ['epochs', '', { kind: 'missing' }],
    ['epochs', 'five', { kind: 'not-a-number' }],
    ['epochs', '2.5', { kind: 'not-whole' }],
    ['epochs', '0', { kind: 'out-of-range', low: 1, lowIncluded: true, high: 1000 }],
    ['learningRate', '0', { kind: 'out-of-range', low: 0, lowIncluded: false, high: 10 }],
    ['validationShare', '51', { kind: 'out-of-range', low: 0, lowIncluded: true, high: 50 }],
    ['seed', '-1', { kind: 'out-of-range', low: 0, lowIncluded: true, high: 4294967295 }],
    ['seed', '9007199254740993', { kind: 'out-of-range', low: 0, lowIncluded: true, high: 4294967295 }],
  ] as const)('%s = "%s"', (field, text, issue) => {
    const answer = checkRecipe({ ...draft, [field]: text });
    expect(answer.parameters).toBeNull();
    expect(answer.issues).toEqual({ [field]: issue });
  });
  it('names every wrong field at once', () => {
    expect(Object.keys(checkRecipe({ ...draft, epochs: '', seed: 'x' }).issues)).toEqual(['epochs', 'seed']);
  });
});

it('reads limits from the schema', () => {
  expect(limitsOf('batchSize')).toEqual({ low: 1, lowIncluded: true, high: 4096 });
  expect(limitsOf('momentum')).toEqual({ low: 0, lowIncluded: true, high: 0.999 });
});
