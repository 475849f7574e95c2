/** What a layer needs for counting: LeNet-5's kinds, valid convolution, pooling without overlap. */
export type Layer =
  | { kind: 'convolution'; maps: number; kernel: number }
  | { kind: 'pooling'; size: number }
  | { kind: 'dense'; units: number };

export interface Costs {
  /** Weights and biases. */
  parameters: number;
  /** Of one forward pass over one digit, convolutions and dense layers. */
  multiplyAdds: number;
  /** Side of the square of input pixels that one unit of the last spatial layer sees. */
  receptiveField: number;
}

/** LeNet-5 as textbooks give it: every map of C3 sees every map of S2, softmax over ten classes. */
export const leNet5: { inputSide: number; layers: readonly Layer[] } = {
  inputSide: 32,
  layers: [
    { kind: 'convolution', maps: 6, kernel: 5 },
    { kind: 'pooling', size: 2 },
    { kind: 'convolution', maps: 16, kernel: 5 },
    { kind: 'pooling', size: 2 },
    { kind: 'convolution', maps: 120, kernel: 5 },
    { kind: 'dense', units: 84 },
    { kind: 'dense', units: 10 },
  ],
};

/** Counts a network on one square grey input, layer by layer. */
export function costs(network: { inputSide: number; layers: readonly Layer[] }): Costs {
  let side = network.inputSide;
  let channels = 1;
  let jump = 1;
  let parameters = 0;
  let multiplyAdds = 0;
  let receptiveField = 1;
  for (const layer of network.layers) {
    if (layer.kind === 'convolution') {
      side -= layer.kernel - 1;
      receptiveField += (layer.kernel - 1) * jump;
      const weights = layer.kernel ** 2 * channels * layer.maps;
      parameters += weights + layer.maps;
      multiplyAdds += weights * side ** 2;
      channels = layer.maps;
    } else if (layer.kind === 'pooling') {
      receptiveField += (layer.size - 1) * jump;
      jump *= layer.size;
      side = Math.floor(side / layer.size);
    } else {
      const weights = side ** 2 * channels * layer.units;
      parameters += weights + layer.units;
      multiplyAdds += weights;
      side = 1;
      channels = layer.units;
    }
  }
  return { parameters, multiplyAdds, receptiveField };
}
