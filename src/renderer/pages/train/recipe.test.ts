import { describe, expect, it } from 'vitest';
import { defaultParameters, recipeOf, trainingParameters } from '../../../shared/domain.ts';
import { architectureNames } from '../../../shared/models/family/index.ts';
import { checkRecipe, differences, draftOf, groups, limitsOf, withArchitecture, withKind } from './recipe.ts';

const draft = draftOf(defaultParameters);

describe('checkRecipe', () => {
  it('gives the defaults back that it was given', () => {
    expect(checkRecipe(draft)).toEqual({
      parameters: defaultParameters,
      issues: {},
      nearest: defaultParameters,
    });
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
    expect(answer.nearest).toEqual(defaultParameters);
  });
  it('names every wrong field at once', () => {
    expect(Object.keys(checkRecipe({ ...draft, epochs: '', seed: 'x' }).issues)).toEqual(['epochs', 'seed']);
  });
});

it('reads limits from the schema', () => {
  expect(limitsOf('batchSize')).toEqual({ low: 1, lowIncluded: true, high: 4096 });
  expect(limitsOf('momentum')).toEqual({ low: 0, lowIncluded: true, high: 0.999 });
});

it('has every parameter in one group, but the architecture itself', () => {
  const grouped = Object.values(groups).flat();
  expect([...grouped, 'architecture'].sort()).toEqual(Object.keys(trainingParameters.shape).sort());
});

it.each(architectureNames)('gives the recipe of %s back that it was given', (name) => {
  expect(checkRecipe(draftOf(recipeOf(name))).parameters).toEqual(recipeOf(name));
});

it('does not look at a field that changes nothing, and keeps the recipe’s own value', () => {
  const sdlm = draftOf(recipeOf('lenet1'));
  expect(checkRecipe({ ...sdlm, batchSize: '', momentum: 'x' }).parameters).toEqual(recipeOf('lenet1'));
});

describe('withArchitecture', () => {
  it('takes over its recipe; seed and validation share stay the user’s', () => {
    const mine = {
      ...draft,
      seed: '7',
      validationShare: '20',
      learningRate: '5',
      convolutions: { C1: 'dilated' },
    } as const;
    expect(checkRecipe(withArchitecture(mine, 'lenet1')).parameters).toEqual(
      recipeOf('lenet1', { seed: 7, validationShare: 0.2 }),
    );
  });
});

describe('differences', () => {
  it('names what is not as the architecture’s recipe has it, and matters', () => {
    const changed = recipeOf('lenet1', {
      learningRate: 0.001,
      momentum: 0.1,
      convolutions: { H1: 'dilated' },
      shift: 2,
    });
    expect(differences('optimiser', changed)).toEqual(['learningRate']);
    expect(differences('network', changed)).toEqual(['convolutions']);
    expect(differences('distortions', changed)).toEqual(['shift']);
    expect(differences('run', changed)).toEqual([]);
  });
});

it('keeps kinds in order, and none that a convolution has anyway', () => {
  const one = { ...defaultParameters, convolutions: withKind(defaultParameters, 'C3', 'dilated') };
  const two = { ...one, convolutions: withKind(one, 'C1', 'separable') };
  expect(JSON.stringify(two.convolutions)).toBe('{"C1":"separable","C3":"dilated"}');
  expect(withKind(two, 'C3', 'standard')).toEqual({ C1: 'separable' });
});
