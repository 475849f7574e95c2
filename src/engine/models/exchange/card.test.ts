import { expect, it } from 'vitest';
import { trainingParameters } from '../../../shared/domain.ts';
import { architectureFor } from '../../../shared/models/family/index.ts';
import { cardJson, cardMarkdown } from './card.ts';
import { modelOf } from './models.testing.ts';

const parameters = trainingParameters.parse({ architecture: 'lenet5-published', convolutions: {} });
const model = modelOf(architectureFor(parameters), parameters);
const imported = {
  ...model,
  card: {
    ...model.card,
    training: null,
    confidence: undefined,
    data: null,
    metrics: null,
    engine: null,
    origin: {
      format: 'tfjs-layers',
      name: 'theirs',
      program: null,
      importedAt: '2026-02-03T04:05:06.000Z',
      scale: 'assumed',
    },
  },
} as const;

it('writes all that the card knows as a document', async () => {
  await expect(cardMarkdown(model)).toMatchFileSnapshot('card.golden/trained.md');
});

it('leaves unknown what is unknown', async () => {
  const text = cardMarkdown(imported);
  await expect(text).toMatchFileSnapshot('card.golden/imported.md');
  expect(text).not.toMatch(/undefined|null|NaN|MNIST is|%/);
});

it('writes JSON with the shapes and costs of the layers', async () => {
  const text = cardJson(model);
  await expect(text).toMatchFileSnapshot('card.golden/trained.json');
  expect(JSON.parse(text)).toMatchObject({
    card: model.card,
    costs: { parameters: 60_000, connections: 340_908 },
  });
});
