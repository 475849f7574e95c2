/** Versions of a data set, adding digits to it, and training with it again. Numbers come formatted. */
export const versions = {
  show: 'Versions',
  open: (name: string) => `Versions of ${name}`,
  back: 'Back to the digits',
  list: 'Versions',
  pending: 'Changes since then',
  pendingNone: 'No changes since then',
  imported: 'As imported',
  numberAndName: (number: string, name: string) => `${number} · ${name}`,
  by: (who: string, when: string) => (who === '' ? when : `${who}, ${when}`),
  digits: (train: string, test: string) => `${train} training, ${test} test`,
  kinds: {
    relabelled: (count: number, shown: string) => `${shown} relabelled`,
    excluded: (count: number, shown: string) => `${shown} left out`,
    restored: (count: number, shown: string) => `${shown} in again`,
    added: (count: number, shown: string) => `${shown} added`,
    moved: (count: number, shown: string) => `${shown} in another split`,
  },
  ofTest: (count: number, shown: string) => `${shown} of them in the test split`,
  testChanged:
    'Test labels were changed too. Before and after are both measured on the labels as they are now.',
  /** Below a digit: what it was and what it is. */
  caption: {
    relabelled: (from: string, to: string) => `${from} → ${to}`,
    excluded: (from: string) => `${from} out`,
    restored: (to: string) => `${to} in`,
    added: (to: string) => `+ ${to}`,
    moved: 'split',
  },
  noLabel: '–',
  empty: 'Nothing has changed since the last version.',
  emptyText:
    'Correct labels on the Review page, or exclude duplicates: what is changed is in force at once, is listed here, and can be kept as a version or taken back.',
  importedText: 'The data set as it was imported.',
  name: 'Name of the version',
  nameMissing: 'A version needs a name.',
  suggested: (number: string) => `Corrections ${number}`,
  commit: (count: number, shown: string) => `Keep ${shown} ${count === 1 ? 'change' : 'changes'} as version`,
  committed: (number: string, name: string) => `Version ${number}, “${name}”, is kept.`,
  discard: 'Take back all',
  discardTitle: 'Take back all changes since the last version?',
  discardText: (changes: string) =>
    `${changes}: labels and places in the set become again what they were. Undo brings them back.`,
  discarded: 'All changes since the last version are taken back.',

  retrain: {
    title: 'Train again',
    text: 'The same recipe on the data as they are now. When it is done, both models are measured on the same test digits.',
    textNoTest:
      'The same recipe on the data as they are now. Without a test split, before and after cannot be measured.',
    run: 'Recipe of',
    name: 'Name of the run',
    nameMissing: 'A run needs a name.',
    suggested: (run: string, version: string) => `${run}, version ${version}`,
    suggestedPending: (run: string) => `${run}, corrected`,
    start: 'Train again',
    none: 'No model was trained with this data set yet.',
    toTrain: 'Train one',
    pendingNote: 'These changes are no version yet; the run will say so.',
    busy: (run: string) => `“${run}” is training.`,
    compare: 'Before and after',
    compareTitle: 'Compare with the run whose recipe it repeats',
  },

  add: {
    title: 'Into the training digits',
    allIn: 'All decided digits are in it.',
    nothing: 'Accept or correct digits, and they can become training digits.',
    start: (count: number, shown: string) => `Add ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    added: (count: number, shown: string, set: string) =>
      `${shown} ${count === 1 ? 'digit' : 'digits'} added to ${set}.`,
    pending: (count: number, shown: string, set: string) =>
      `${shown} ${count === 1 ? 'change' : 'changes'} in ${set} not kept as a version`,
    noPending: (set: string) => `All changes in ${set} are kept.`,
  },

  /** What undo and redo name. */
  steps: {
    add: (count: number, shown: string) => `add ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    commit: (count: number, shown: string) =>
      `keep ${shown} ${count === 1 ? 'change' : 'changes'} as a version`,
    discard: (count: number, shown: string) => `take back ${shown} ${count === 1 ? 'change' : 'changes'}`,
  },
};
