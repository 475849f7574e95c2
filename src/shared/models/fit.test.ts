import { describe, expect, it } from 'vitest';
import { defaultParameters, recipeOf, type TrainingParameters } from '../domain.ts';
import { fitText, messagesFor } from '../messages/index.ts';
import { architectureNames } from './family/index.ts';
import { lenet5Published } from './family/lenet5-published.ts';
import { checkFit, curvatureObstacle, fitIssues, fittedNetwork, type FitIssue } from './fit.ts';

type Name = (typeof architectureNames)[number];
const issues = (name: Name, changes: Partial<TrainingParameters>): FitIssue[] =>
  fitIssues(recipeOf(name, changes));

it.each(architectureNames)('%s can be trained as its recipe says', (name) => {
  expect(issues(name, {})).toEqual([]);
});

describe('losses', () => {
  it.each<[Name, TrainingParameters['loss'], FitIssue | null]>([
    ['lenet5-published', 'eq9', null],
    ['lenet5', 'eq8', { kind: 'loss-wants-penalties', loss: 'eq8', layer: 'output' }],
    ['note-mended', 'eq9', { kind: 'loss-wants-penalties', loss: 'eq9', layer: 'output' }],
    ['lenet5', 'mse', null],
    ['lenet4', 'mse', null],
    ['lenet5-published', 'mse', { kind: 'loss-wants-signs', layer: 'output' }],
    ['note-as-written', 'mse', { kind: 'loss-wants-signs', layer: 'output' }],
    ['lenet1', 'cross-entropy', null],
  ])('%s with %s', (name, loss, issue) => {
    expect(issues(name, { loss, optimiser: 'momentum' })).toEqual(issue ? [issue] : []);
  });
});

describe('stochastic diagonal Levenberg-Marquardt', () => {
  it.each<[Name, Partial<TrainingParameters>, string | null, string | null]>([
    ['lenet5', { pooling: 'max' }, 'S2', 'pooling'],
    ['lenet5', { pooling: 'average' }, null, null],
    ['lenet5', { pooling: 'average', dropout: 0.2 }, 'D5', 'dropout'],
    ['compact', {}, 'N1', 'batch-normalisation'],
    ['note-mended', {}, 'output', 'rbf'],
    ['lenet1', { convolutions: { H1: 'separable', H3: 'dilated' } }, null, null],
  ])('%s with %o stops at %s', (name, changes, layer, part) => {
    expect(issues(name, { ...changes, optimiser: 'sdlm' })).toEqual(
      layer === null ? [] : [{ kind: 'no-curvature', layer, part }],
    );
  });

  it('wants fixed codes and penalties', () => {
    const { layers, ...rest } = lenet5Published();
    const [last, ...before] = layers.toReversed();
    const withLast = (changes: object) => ({
      ...rest,
      layers: [...before.toReversed(), { ...last, ...changes }] as typeof layers,
    });
    expect(curvatureObstacle(withLast({}))).toBeNull();
    expect(curvatureObstacle(withLast({ centres: 'trainable' }))).toMatchObject({ part: 'rbf' });
    expect(curvatureObstacle(withLast({ response: 'logarithm' }))).toMatchObject({ part: 'rbf' });
  });
});

describe('shapes', () => {
  const dilated = { convolutions: { C5: 'dilated' } } as const;
  const tooSmall = { kind: 'wrong-shape', layer: 'C5', needed: '9x9', found: '5x5' };

  it('names the layer, its window and the map, together with what else is wrong', () => {
    expect(issues('lenet5', dilated)).toEqual([tooSmall]);
    expect(issues('lenet5', { ...dilated, loss: 'eq8' })).toEqual([
      tooSmall,
      { kind: 'loss-wants-penalties', loss: 'eq8', layer: 'output' },
    ]);
  });

  it('gives the layers before the one that does not fit', () => {
    const { layers, model, issue } = fittedNetwork(recipeOf('lenet5', dilated));
    expect(layers.map(({ layer }) => layer.name)).toEqual(['C1', 'S2', 'C3', 'S4']);
    expect(model!.layers).toHaveLength(7);
    expect(issue).toEqual(tooSmall);
  });

  it('refuses a layer that is not there', () => {
    expect(issues('lenet1', { convolutions: { C1: 'dilated' } })).toEqual([
      { kind: 'no-such-layer', layer: 'C1' },
    ]);
  });
});

it('throws the first issue for whoever wants to begin', () => {
  expect(() => checkFit(defaultParameters)).not.toThrow();
  expect(() => checkFit({ ...defaultParameters, loss: 'eq9' })).toThrow(
    expect.objectContaining({
      code: 'training-does-not-fit',
      params: { kind: 'loss-wants-penalties', loss: 'eq9', layer: 'output' },
    }),
  );
});

it.each([
  ['en', '“C5” needs 9×9, but the map before it is only 5×5.'],
  ['zh-CN', '“C5”层需要 9×9，而前一层的图只有 5×5。'],
] as const)('says so in %s, as the error does', (language, what) => {
  const { fit, errors } = messagesFor(language);
  const [issue] = issues('lenet5', { convolutions: { C5: 'dilated' } });
  expect(fitText(fit, issue!).what).toBe(what);
  expect(errors['training-does-not-fit']({ ...issue! })).toEqual({
    ...fitText(fit, issue!),
    kept: expect.stringMatching(/./) as string,
  });
});
