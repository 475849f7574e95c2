import { describe, expect, it } from 'vitest';
import type { ShownCard, TrainedCard } from '../../../shared/contract/index.ts';
import {
  defaultParameters,
  defaultRecipe,
  recipeOf,
  type TrainingParameters,
} from '../../../shared/domain.ts';
import { formatsFor, messagesFor, type Language } from '../../../shared/messages/index.ts';
import { cardSections, type Section } from './card.ts';

const epoch = (number: number, validationAccuracy: number | null) => ({
  epoch: number,
  trainLoss: 0.1,
  trainAccuracy: 0.97,
  validationLoss: validationAccuracy === null ? null : 0.0654321,
  validationAccuracy,
  seconds: 9,
});
const card: ShownCard & TrainedCard = {
  id: 'a',
  name: 'first',
  createdAt: '2026-11-24T12:00:00.000Z',
  studioVersion: '0.1.0',
  architecture: 'LeNet-5',
  parameters: 61_706,
  training: { ...defaultParameters, seed: 1998, learningRate: 0.0123456, validationShare: 0.07 },
  normalisation: defaultRecipe,
  data: {
    name: 'MNIST',
    hash: 'ab'.repeat(32),
    trainCount: 55_800,
    validationCount: 4_200,
    testCount: 10_000,
  },
  metrics: {
    bestEpoch: 2,
    epochs: [epoch(1, 0.9712), epoch(2, 0.9851), epoch(3, 0.9849)],
    testLoss: 0.04567,
    testAccuracy: 0.98765,
    imagesPerSecond: 5432.4,
  },
  engine: {
    tensorflow: '2.9.1',
    node: '24.21.0',
    platform: 'linux x64',
    threads: { intraOp: 2, interOp: 1 },
    flags: { TF_ENABLE_ONEDNN_OPTS: '0' },
  },
  input: { side: 28, channels: 1, mean: 0.5, standardDeviation: 0.25, padding: 2 },
};

/** A section as pairs of name and value. */
function facts(language: Language, section: Section, of: ShownCard = card): Record<string, string> {
  const sections = cardSections(of, messagesFor(language), formatsFor(language));
  const found = sections.find((one) => one.section === section)!.facts;
  return Object.fromEntries(found.map(({ name, value }) => [name, value]));
}

it('tells the figures of the best epoch and of the test set', () => {
  expect(facts('en', 'results')).toEqual({
    'Best epoch': '2 of 3',
    'Validation accuracy': '98.51\u00a0%',
    'Validation loss': '0.0654',
    'Test accuracy': '98.77\u00a0%',
    'Test loss': '0.0457',
    Speed: '5,432 img/s',
  });
});

it('has a dash for what was not measured', () => {
  const metrics = {
    bestEpoch: 1,
    epochs: [epoch(1, null)],
    testLoss: null,
    testAccuracy: null,
    imagesPerSecond: null,
  };
  const { 'Best epoch': best, ...others } = facts('en', 'results', { ...card, metrics });
  expect(best).toBe('1 of 1');
  expect(Object.values(others)).toEqual(['–', '–', '–', '–', '–']);
});

it('gives training parameters with all their digits', () => {
  expect(facts('en', 'training')).toMatchObject({
    'Learning rate': '0.0123456',
    Seed: '1998',
    'Validation share': '7\u00a0%',
  });
  expect(facts('zh-CN', 'training')).toMatchObject({ 随机种子: '1998', 验证比例: '7%' });
});

describe('every training parameter', () => {
  /** Values that no recipe has, and a setting in which each matters. */
  const others: {
    [Key in keyof TrainingParameters]: [TrainingParameters[Key], Partial<TrainingParameters>?];
  } = {
    architecture: ['compact'],
    convolutions: [{ C1: 'dilated' }],
    activation: ['sigmoid'],
    pooling: ['average'],
    dropout: [0.25],
    loss: ['mse'],
    rubbish: [12.5, { architecture: 'lenet5-published', loss: 'eq9' }],
    optimiser: ['adam'],
    epochs: [17],
    batchSize: [33],
    learningRate: [0.000123456],
    schedule: ['cosine'],
    momentum: [0.123],
    weightDecay: [0.00125],
    averaging: [0.9995],
    rotation: [7.5],
    scaling: [0.125],
    shear: [0.375],
    shift: [2.5],
    elasticStrength: [34.5],
    elasticSmoothing: [5.5, { elasticStrength: 30 }],
    patience: [3],
    seed: [123_456],
    validationShare: [0.15],
    nonDigits: [0.35],
  };
  const told = (training: TrainingParameters): string =>
    JSON.stringify(cardSections({ ...card, training }, messagesFor('en'), formatsFor('en')));

  it.each(Object.entries(others))('%s is told where it matters', (parameter, [value, setting]) => {
    const before = { ...defaultParameters, ...setting };
    expect(told({ ...before, [parameter]: value })).not.toBe(told(before));
  });

  it('but not where it does not: SDLM has no batch and no momentum, LeNet-5 of 1998 no choice of pooling', () => {
    const training = recipeOf('lenet5-published');
    const other = { ...training, batchSize: 7, momentum: 0.1, pooling: 'average', dropout: 0.5 } as const;
    expect(told(other)).toBe(told(training));
    expect(facts('en', 'network', { ...card, training })).toEqual({ Convolutions: 'as designed' });
    expect(facts('en', 'model', { ...card, training }).Architecture).toBe('LeNet-5, 1998');
  });

  it('and all distortions in a word when there are none', () => {
    expect(facts('en', 'training')).toMatchObject({ Distortions: 'none' });
    const training = { ...defaultParameters, rotation: 10, scaling: 0.15 };
    expect(facts('zh-CN', 'distortions', { ...card, training })).toEqual({ 旋转: '10°', 缩放: '15%' });
  });
});

it('tells which values the digits are given to the network as', () => {
  expect(facts('en', 'input')).toMatchObject({
    Normalisation: 'lenet-studio/geometry, version 1',
    'Value scale': '(byte / 255 − 0.5) / 0.25',
    'Value range': '−2 to 2',
    Padding: '2 pixels on each side',
  });
});

it('offers the hash for copying and lists the flags', () => {
  const sections = cardSections(card, messagesFor('en'), formatsFor('en'));
  const all = sections.flatMap((section) => section.facts);
  expect(all.filter(({ kind }) => kind === 'hash').map(({ value }) => value)).toEqual([card.data.hash]);
  expect(all).toContainEqual({ name: 'TF_ENABLE_ONEDNN_OPTS', value: '0', kind: 'code' });
});

it('tells of a model of another program where it came from, and leaves out what nobody knows', () => {
  const origin = {
    format: 'tfjs-layers',
    name: 'theirs',
    program: null,
    importedAt: '2026-11-25T12:00:00.000Z',
    scale: 'assumed',
  } as const;
  const imported: ShownCard = { ...card, training: null, data: null, metrics: null, engine: null, origin };
  const sections = cardSections(imported, messagesFor('en'), formatsFor('en'));
  expect(sections.map(({ section }) => section)).toEqual(['model', 'origin', 'input']);
  expect(facts('en', 'origin', imported)).toMatchObject({
    Files: 'theirs',
    'Written by': 'not known',
    'Value scale': 'assumed at import',
  });
});
