import { describe, expect, it } from 'vitest';
import { recipeOf } from '../domain.ts';
import { architectureFor } from './family/index.ts';
import { receptiveField } from './receptive.ts';
import { summarise } from './summary.ts';

const lenet5 = architectureFor(recipeOf('lenet5'));

describe('receptiveField', () => {
  it.each([
    // layer, row, column, rows, columns: the tile has two pixels of padding around it
    ['C1', 0, 0, [0, 2], [0, 2]],
    ['C1', 2, 9, [0 + 0, 4], [7, 11]],
    ['S2', 1, 0, [0, 5], [0, 3]],
    ['C3', 9, 9, [16, 27], [16, 27]],
    ['C5', 0, 0, [0, 27], [0, 27]],
    ['F6', 0, 0, [0, 27], [0, 27]],
  ])('%s, row %i, column %i', (name, row, column, rows, columns) => {
    const at = lenet5.layers.findIndex((layer) => layer.name === name);
    expect(receptiveField(lenet5, at, row, column)).toEqual({ rows, columns });
  });

  it('is null where a unit sees padding alone', () => {
    const wide = { ...lenet5, input: { ...lenet5.input, padding: 8 }, layers: lenet5.layers.slice(0, 1) };
    // Too wide for the rest of the network, which is left out here.
    const layers = [
      ...wide.layers,
      { kind: 'global-average', name: 'G' },
      { kind: 'dense', name: 'o', units: 10, activation: 'linear' },
    ];
    const model = { ...wide, layers } as typeof lenet5;
    expect(receptiveField(model, 0, 0, 20)).toBeNull();
    expect(receptiveField(model, 0, 8, 20)).toEqual({ rows: [0, 4], columns: [12, 16] });
  });

  it.each(['lenet1', 'lenet4', 'compact'] as const)('%s: is as wide inside as the summary says', (name) => {
    const model = architectureFor(recipeOf(name));
    summarise(model).forEach(({ output: [height], receptiveField: side }, at) => {
      if (height < 5) return;
      const middle = Math.floor(height / 2);
      const { rows, columns } = receptiveField(model, at, middle, middle)!;
      const cut = rows[0] === 0 || rows[1] === 27;
      if (!cut) expect([rows[1] - rows[0] + 1, columns[1] - columns[0] + 1]).toEqual([side, side]);
    });
  });
});
