import { describe, expect, it } from 'vitest';
import { StudioError } from '../errors.ts';
import { lenet5 } from './family/lenet5.ts';
import type { Architecture } from './layers.ts';
import { countParameters, parameterSpecs, summarise } from './summary.ts';

const textbook = lenet5({ activation: 'tanh', pooling: 'average' });

describe('LeNet-5, textbook', () => {
  it.each([
    // name, output, parameters, multiply-adds
    ['C1', [28, 28, 6], 156, 117_600],
    ['S2', [14, 14, 6], 0, 0],
    ['C3', [10, 10, 16], 2_416, 240_000],
    ['S4', [5, 5, 16], 0, 0],
    ['C5', [1, 1, 120], 48_120, 48_000],
    ['F6', [1, 1, 84], 10_164, 10_080],
    ['output', [1, 1, 10], 850, 840],
  ])('%s', (name, output, parameterCount, multiplyAdds) => {
    const summary = summarise(textbook).find(({ layer }) => layer.name === name);
    expect(summary).toMatchObject({ output, parameterCount, multiplyAdds });
  });

  it('has 61,706 parameters', () => {
    expect(countParameters(textbook)).toBe(61_706);
    expect(parameterSpecs(textbook).map(({ name, shape }) => `${name} ${shape.join('x')}`)).toEqual([
      'C1/kernel 5x5x1x6',
      'C1/bias 6',
      'C3/kernel 5x5x6x16',
      'C3/bias 16',
      'C5/kernel 5x5x16x120',
      'C5/bias 120',
      'F6/kernel 120x84',
      'F6/bias 84',
      'output/kernel 84x10',
      'output/bias 10',
    ]);
  });
});

describe('summarise', () => {
  const shapeError = (model: Architecture): unknown => {
    try {
      summarise(model);
    } catch (error) {
      return error instanceof StudioError ? { code: error.code, ...error.params } : error;
    }
    return 'nothing thrown';
  };

  it('names the layer whose window does not fit', () => {
    const layers = textbook.layers.map((layer) =>
      layer.kind === 'convolution' && layer.name === 'C5' ? { ...layer, kernel: 7 } : layer,
    );
    expect(shapeError({ ...textbook, layers })).toEqual({
      code: 'model-wrong-shape',
      model: 'LeNet-5',
      tensor: 'C5',
      expected: '7x7',
      found: '5x5',
    });
  });

  it('wants one output per class', () => {
    expect(shapeError({ ...textbook, layers: textbook.layers.slice(0, -1) })).toMatchObject({
      code: 'model-wrong-shape',
      tensor: 'F6',
      expected: '1x1x10',
      found: '1x1x84',
    });
  });
});
