import { describe, expect, it } from 'vitest';
import { defaultParameters, recipeOf } from '../../../shared/domain.ts';
import { formatsFor, messagesFor, type Language } from '../../../shared/messages/index.ts';
import { architectureFor, architectureNames } from '../../../shared/models/family/index.ts';
import { issueText, layerText, parameterText } from './words.ts';

const parameters = {
  ...defaultParameters,
  convolutions: { C1: 'dilated', C3: 'separable' } as const,
  rotation: 7.5,
  scaling: 0.07,
  averaging: 0.99995,
};

describe.each<[Language, Record<string, string>]>([
  [
    'en',
    {
      convolutions: 'C1 dilated, C3 separable',
      rotation: '7.5°',
      scaling: '7\u00a0%',
      averaging: '0.99995',
      batchSize: '64\u00a0digits',
      optimiser: 'SGD',
    },
  ],
  [
    'zh-CN',
    {
      convolutions: 'C1 空洞，C3 深度可分离',
      rotation: '7.5°',
      scaling: '7%',
      averaging: '0.99995',
      batchSize: '64 个数字',
      optimiser: 'SGD',
    },
  ],
])('in %s', (language, written) => {
  const [messages, format] = [messagesFor(language), formatsFor(language)];

  it.each(Object.entries(written))('%s reads %s', (parameter, value) => {
    const key = parameter as keyof typeof parameters;
    expect(parameterText(key, parameters, messages, format)).toBe(value);
  });

  it.each(architectureNames)('every layer of %s has words', (name) => {
    const model = architectureFor(recipeOf(name, name === 'lenet5' ? { dropout: 0.25 } : {}));
    for (const layer of model.layers) expect(layerText(layer, messages, format)).not.toMatch(/undefined|^$/);
  });
});

it('says limits to their last digit', () => {
  const limits = { kind: 'out-of-range', low: 0, lowIncluded: true, high: 0.99999 } as const;
  const { train } = messagesFor('en');
  expect(issueText(limits, train, formatsFor('en'))).toBe('From 0 to 0.99999.');
  expect(issueText({ ...limits, high: 4_294_967_295 }, train, formatsFor('en'))).toBe(
    'From 0 to 4,294,967,295.',
  );
});

it('tells the two notes apart by their last layer', () => {
  const last = (name: 'note-as-written' | 'note-mended' | 'lenet5-published'): string =>
    layerText(architectureFor(recipeOf(name)).layers.at(-1)!, messagesFor('en'), formatsFor('en'));
  expect(['note-as-written', 'note-mended', 'lenet5-published'].map((name) => last(name as never))).toEqual([
    'RBF, exp(−d² / 2σ²)',
    'RBF, −d² / 2σ²',
    'RBF, −d²',
  ]);
});
