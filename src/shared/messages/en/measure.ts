/** Measuring the confidence of a model that is there already. Numbers come formatted. */
export const measure = {
  action: 'Measure confidence…',
  again: 'Measure again…',
  title: (model: string) => `Measure the confidence of “${model}”`,
  about:
    'Reads labelled digits with this model: fits a temperature that makes its confidences true, and counts the error-reject curve that limits on errors rest on.',
  replaces:
    'What was measured before is replaced. Batches that were read stay as they are, and those that go on do so with the old temperature.',
  set: 'Data set',
  split: 'Digits',
  splits: {
    validation: 'Validation: a share of the training digits',
    train: 'All training digits',
    test: 'Test digits',
  },
  meaning: {
    validation:
      'The share of the training digits that a training on this data set keeps aside, chosen by the seed: that of the model where it was trained here.',
    train:
      'A model is surer of digits that it was trained with, and reads them better: if it was trained with these, other digits bring more errors than is measured.',
    test: 'A threshold that is chosen by the test digits flatters every figure on them: with it, this test set no longer tells how good the model is.',
  },
  seen: {
    unknown:
      'It is not known whether the model was trained with these digits; if it was, others bring more errors than that.',
    yes: 'The model was trained with these digits: others bring more errors than that.',
  },
  start: 'Measure',
  tooFew: (needed: string) => `At least ${needed} labelled digits are needed.`,
  noSets: 'There are no labelled digits to measure on: import a data set with labels first.',
  progress: (percent: string) => `Measuring, ${percent}`,
  cancel: 'Cancel',
  /** What a figure was measured on. */
  digitsOf: {
    validation: (data: string) => `validation digits of ${data}`,
    train: (data: string) => `training digits of ${data}`,
    test: (data: string) => `test digits of ${data}`,
  },
};
