/** Models going in and out: export on the model card, import wherever models are chosen. */
export const exchange = {
  exportAs: 'Export as',
  formats: {
    onnx: 'ONNX',
    tfjs: 'TensorFlow.js',
    'card-markdown': 'Card (Markdown)',
    'card-json': 'Card (JSON)',
  },
  exporting: (format: string) => `Writing ${format}…`,
  exported: (format: string, file: string) => `${format} written to ${file}`,

  open: 'Import model…',
  title: 'Import a model',
  about:
    'A folder of TensorFlow.js (model.json and its weights), or a model folder of this studio. A layers model has to be a plain chain of layers for 28×28 or 32×32 digits.',
  folder: 'Folder',
  choose: 'Choose folder…',
  change: 'Change…',
  name: 'Name',
  nameMissing: 'Give the model a name.',
  scale: 'Value scale',
  scaleHint:
    'How bytes become the values that it was trained with: (byte / 255 − mean) / deviation. Counts only for a layers model that does not say it itself. 0 and 1 are usual: values from 0 to 1.',
  mean: 'Mean',
  deviation: 'Deviation',
  meanWrong: 'A number from −10 to 10.',
  deviationWrong: 'A number from 0.0001 to 1,000.',
  start: 'Import',
  importing: 'Importing…',
  done: (name: string, parameters: string) => `“${name}” can classify now: ${parameters} parameters.`,
  doneScale: (mean: string, deviation: string, source: string) =>
    `Value scale (byte / 255 − ${mean}) / ${deviation}, ${source}.`,
  unmeasured: 'Measure it on labelled digits before you rely on it.',
  another: 'Import another',
};
