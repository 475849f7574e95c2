/** The recipe of the Train page beyond its fields: architectures, choices, the network's table, distortions. */
export const recipe = {
  architectures: {
    lenet5: { name: 'LeNet-5, textbook', about: 'Pooling without parameters, linear outputs, softmax.' },
    'lenet5-published': {
      name: 'LeNet-5, 1998',
      about: 'As LeCun et al. published it: connection table, trainable subsampling, RBF codes.',
    },
    lenet4: { name: 'LeNet-4', about: 'A quarter of LeNet-5’s size; its wiring is our reconstruction.' },
    lenet1: { name: 'LeNet-1', about: 'The small network of 1990, on 28×28 pixels.' },
    'note-as-written': {
      name: 'Study note, as written',
      about: 'Sigmoid layers and Gaussian RBF outputs, as the note has them.',
    },
    'note-mended': {
      name: 'Study note, mended',
      about: 'The same layers; scores are logarithms, weights begin larger.',
    },
    compact: {
      name: 'Compact, modern',
      about: 'Six 3×3 convolutions, batch normalisation, no more parameters than LeNet-5.',
    },
  },
  losses: {
    'cross-entropy': 'cross-entropy',
    eq8: 'eq. 8, 1998',
    eq9: 'eq. 9, 1998',
    mse: 'mean squared',
  },
  optimisers: { momentum: 'SGD', adam: 'Adam', sdlm: 'SDLM, 1998' },
  optimiserHints: {
    momentum: '',
    adam: '',
    sdlm: 'Stochastic diagonal Levenberg-Marquardt: one digit per update.',
  },
  schedules: {
    constant: 'constant',
    cosine: 'cosine',
    'one-cycle': 'one cycle',
    'lecun-1998': 'steps of 1998',
  },
  kinds: {
    standard: 'standard',
    separable: 'separable',
    transpose: 'transpose',
    dilated: 'dilated',
  },
  kindHints: {
    standard: 'Each filter over all its maps.',
    separable: 'Depthwise separable: one filter per map, then 1×1 over all.',
    transpose: 'Transpose: enlarges the map.',
    dilated: 'Dilated: taps two pixels apart.',
  },
  value: (number: string, unit: string) =>
    unit === '°' ? `${number}°` : unit === '' ? number : `${number}\u00a0${unit}`,
  difference: (field: string, value: string) => `${field}: ${value}`,

  groups: {
    network: 'Network',
    optimiser: 'Optimiser and schedule',
    distortions: 'Distortions',
    run: 'Run',
  },
  asRecipe: 'defaults',
  noDistortion: 'none',
  check: (fields: string) => `Check ${fields}`,

  network: {
    caption: 'Layers, from the input to the output',
    layer: 'Layer',
    output: 'Output',
    parameters: 'Parameters',
    parametersShort: 'Param.',
    multiplyAdds: 'Multiply-adds for one digit',
    multiplyAddsShort: 'Mult.-adds',
    receptiveField: 'Receptive field, in pixels',
    receptiveFieldShort: 'Field',
    total: 'In all',
    kindOf: (layer: string) => `Kind of ${layer}`,
    doesNotFit: 'does not fit',
    unknown: '–',
    ownKinds: 'as designed',
    summary: (parameters: string) => `${parameters} parameters`,
  },
  layers: {
    pooling: { average: 'average', max: 'maximum' },
    subsampling: 'subsampling',
    'global-average': 'mean of each map',
    'batch-normalisation': 'batch norm.',
    dropout: (share: string) => `dropout ${share}`,
    dense: 'dense',
    rbf: { penalty: 'RBF, −d²', logarithm: 'RBF, −d² / 2σ²', gaussian: 'RBF, exp(−d² / 2σ²)' },
  },
  layerActivations: {
    tanh: 'tanh',
    sigmoid: 'sigmoid',
    relu: 'ReLU',
    'scaled-tanh': 'scaled tanh',
    linear: '',
  },

  note: {
    title: 'As written it cannot learn.',
    why: 'With centres drawn from N(0, 1) the squared distance to them in 84 dimensions is about 105, so every output is about 1e-23: all ten are equal, the gradient vanishes, and the loss stays at ln 10 = 2.3026. Outputs in (0, 1] as scores could not bring it below 1.461 anyway.',
    mend: 'Use the mended one',
  },

  preview: {
    title: 'What training sees',
    label: (digits: number, variants: number) =>
      `${digits} training digits in the first row; in the ${variants} rows below, distorted draws of them`,
    other: 'Other draws',
  },
};
