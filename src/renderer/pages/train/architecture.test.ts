import { expect, it } from 'vitest';
import { costs, leNet5 } from './architecture.ts';

it('counts LeNet-5 as worked out by hand', () => {
  // 156 + 2,416 + 48,120 + 10,164 + 850; 117,600 + 240,000 + 48,000 + 10,080 + 840
  expect(costs(leNet5)).toEqual({ parameters: 61_706, multiplyAdds: 416_520, receptiveField: 32 });
});

it('counts a lone dense layer', () => {
  expect(costs({ inputSide: 28, layers: [{ kind: 'dense', units: 10 }] })).toEqual({
    parameters: 7850,
    multiplyAdds: 7840,
    receptiveField: 1,
  });
});

it('grows the receptive field by the stride that pooling brought', () => {
  const layers = [
    { kind: 'pooling', size: 2 },
    { kind: 'convolution', maps: 1, kernel: 3 },
  ] as const;
  expect(costs({ inputSide: 8, layers }).receptiveField).toBe(6);
});
