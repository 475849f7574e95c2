/** Suspected label errors: the search for them, and their review. */
export const suspects = {
  find: 'Find label errors…',
  short: 'Label errors',
  findIn: (name: string) => `Find label errors in ${name}`,
  noModel: 'Train a model first: the search trains others like it',
  text: (folds: number) =>
    `Trains ${folds} models like this one, each on a part of the training digits, and reads the rest with it. Labels that the models are sure to be others are listed, the most suspicious first. Nothing is changed.`,
  set: 'Training digits of',
  model: 'Models like',
  start: (count: number, shown: string) => `Look through ${shown} ${count === 1 ? 'digit' : 'digits'}`,
  kind: 'label errors',
  /** A search among other batches. */
  named: (name: string) => `Label errors: ${name}`,

  progress: (percent: string) => `Looking for label errors: ${percent}`,
  paused: (percent: string) => `Paused at ${percent}`,
  pause: 'Pause',
  goOn: 'Go on',
  stopped: {
    cancelled: 'The search was stopped. Digits that are read stay; the suspects are ranked at its end.',
    interrupted: 'The search was interrupted. Digits that are read stay; the suspects are ranked at its end.',
    failed: 'The search failed.',
  },
  notYet: 'The first model is being trained. Its digits appear here as soon as it has read them.',

  filter: 'Suspected',
  order: 'most suspicious first',
  none: 'No suspected label is left.',
  suggestion: (given: number, suggested: number) => `Suspected: given ${given}, suggested ${suggested}`,
  suspicion: (value: string) => `suspicion ${value}`,
  suspicionLong:
    'How improbable the given label is to models that have not seen the digit: 1 less its probability',
};
