import { describe, expect, it } from 'vitest';
import { defaultParameters, recipeOf, trainingParameters } from '../../domain.ts';
import { rbfCodes } from '../codes.ts';
import { lenet5C3 } from '../connections.ts';
import { costsOf, summarise } from '../summary.ts';
import { architectureFor, architectureNames, convolutionsOf, family } from './index.ts';

const made = (name: (typeof architectureNames)[number], convolutions = {}) =>
  architectureFor({ ...recipeOf(name), convolutions });

describe('the family', () => {
  it.each([
    // name, trainable parameters, connections, receptive field
    ['lenet1', 2_578, 98_442, 16],
    ['lenet4', 16_498, 257_806, 32],
    ['lenet5-published', 60_000, 340_908, 32],
    ['lenet5', 61_706, 423_038, 32],
    ['note-as-written', 61_696, 423_028, 32],
    ['note-mended', 61_696, 423_028, 32],
    ['compact', 61_610, 6_845_674, 28],
  ] as const)('%s has %i parameters and %i connections', (name, parameters, connections, field) => {
    const costs = costsOf(made(name));
    expect(costs).toMatchObject({ parameters, connections, receptiveField: field });
  });

  it('has a row for every architecture, and each can be trained as its recipe says', () => {
    expect(Object.keys(family).sort()).toEqual([...architectureNames].sort());
    for (const name of architectureNames)
      expect(trainingParameters.safeParse(recipeOf(name)).success).toBe(true);
  });

  it.each([
    ['C1', 156, 122_304],
    ['S2', 12, 5_880],
    ['C3', 1_516, 151_600],
    ['S4', 32, 2_000],
    ['C5', 48_120, 48_120],
    ['F6', 10_164, 10_164],
    ['output', 0, 840],
  ])('LeNet-5 as published: %s has %i parameters and %i connections', (name, parameterCount, connections) => {
    const layer = summarise(made('lenet5-published')).find(({ layer }) => layer.name === name);
    expect(layer).toMatchObject({ parameterCount, connections });
  });

  it('connects C3 by table I: 60 pairs, in columns of 3, 4 and 6, each S2 map in ten', () => {
    const sizes = lenet5C3.map((maps) => maps.length);
    expect(sizes).toEqual([3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6]);
    for (let map = 0; map < 6; map++) expect(lenet5C3.filter((maps) => maps.includes(map))).toHaveLength(10);
    expect(lenet5C3.slice(3, 12)).toEqual([
      [3, 4, 5],
      [0, 4, 5],
      [0, 1, 5],
      [0, 1, 2, 3],
      [1, 2, 3, 4],
      [2, 3, 4, 5],
      [0, 3, 4, 5],
      [0, 1, 4, 5],
      [0, 1, 2, 5],
    ]);
  });
});

describe('rbfCodes', () => {
  it('has the ink of figure 3, and the distances between its codes', () => {
    expect(rbfCodes.map((code) => code.filter((value) => value === 1).length)).toEqual([
      35, 27, 33, 32, 41, 35, 39, 25, 43, 39,
    ]);
    const apart = (a: number, b: number): number =>
      rbfCodes[a]!.filter((value, at) => value !== rbfCodes[b]![at]).length;
    expect([apart(6, 8), apart(0, 4), apart(8, 9), apart(1, 4), apart(1, 8), apart(4, 7)]).toEqual([
      12, 18, 18, 50, 50, 50,
    ]);
  });
});

describe('swapped convolutions', () => {
  it('counts a separable one by its two parts', () => {
    const { layer, parameterCount, multiplyAdds } = summarise(made('lenet5', { C3: 'separable' }))[2]!;
    expect(layer).toMatchObject({ name: 'C3', type: 'separable' });
    // 25 x 6 + 6 x 16 + 16; 100 places x 6 maps x (25 + 16)
    expect([parameterCount, multiplyAdds]).toEqual([262, 24_600]);
  });

  it('enlarges the map with a transpose one and the receptive field with a dilated one', () => {
    expect(summarise(made('lenet5', { C1: 'transpose' }))[0]!.output).toEqual([36, 36, 6]);
    const [first] = summarise(architectureFor({ ...defaultParameters, convolutions: { C1: 'transpose' } }));
    expect(first!.receptiveField).toBe(5);
    const dilated = made('lenet1', { H1: 'dilated' });
    expect(summarise(dilated)[0]).toMatchObject({ output: [20, 20, 4], receptiveField: 9 });
  });

  it('says which window does not fit any more', () => {
    expect(() => summarise(made('lenet5', { C1: 'dilated', C3: 'dilated' }))).toThrow(
      expect.objectContaining({
        code: 'model-wrong-shape',
        params: { model: 'LeNet-5', tensor: 'C5', expected: '5x5', found: '2x2' },
      }),
    );
  });

  it('refuses a layer that the architecture does not have', () => {
    expect(() => made('lenet5', { C9: 'dilated' })).toThrow(expect.objectContaining({ code: 'unknown-id' }));
    expect(convolutionsOf(made('lenet5')).map(({ name }) => name)).toEqual(['C1', 'C3', 'C5']);
  });
});
