/** Digits that are there twice: their pane on the Data page, and what undo says of decisions about them. */
export const duplicates = {
  title: 'Duplicates',
  open: (name: string) => `Duplicates in ${name}`,
  show: 'Duplicates',
  back: 'Back to the digits',
  find: 'Find duplicates',
  again: 'Look again',
  finding: 'Comparing the digits',
  never: 'Not looked for yet',
  neverText:
    'Finds digits that are there twice: the same file, the same picture, or nearly the same one; with different labels, and in both training and test.',
  nothing: 'No digit is there twice.',
  noneShown: 'No pair fits these filters.',
  allDecided: 'Every pair is decided.',
  pairs: (count: number, shown: string) => `${shown} ${count === 1 ? 'pair' : 'pairs'}`,
  searched: (digits: string, when: string) => `${digits} compared, ${when}`,
  more: (count: string) => `${count} more pairs, the least alike, are not listed`,
  excluded: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'} excluded`,
  list: 'Pairs of digits',

  filters: {
    labels: 'Labels',
    labelsAll: 'Any labels',
    same: 'Same label',
    other: 'Other label',
    leaks: 'Training and test',
    leaksAll: 'Any split',
    leak: 'Training and test',
    match: 'How alike',
    matchAll: 'Exact and near',
    exact: 'Exact',
    near: 'Near',
    state: 'Decision',
    stateAll: 'All',
    openPairs: 'Open',
    decided: 'Decided',
  },

  match: {
    file: 'the same file',
    pixels: 'the same picture',
    near: (difference: string) => `${difference} of the ink differs`,
  },
  /** Short, for the list. */
  tags: { other: 'other label', leak: 'leak' },
  digit: (label: string, split: string) => `${label}, ${split}`,
  noLabel: 'no label',
  left: 'Left',
  right: 'Right',
  difference: 'What differs',
  tileOf: (side: string, label: string) => `${side}: ${label}`,
  nothingChosen: 'Select a pair to see both digits large.',

  exclude: 'Exclude',
  excludeText: 'Left out of training, evaluation and counts; nothing is deleted.',
  excludeLeft: 'Exclude left',
  excludeRight: 'Exclude right',
  keep: 'Keep both',
  sameDigit: 'Same digit, other label',
  relabelLeft: (label: string) => `Left becomes ${label}`,
  relabelRight: (label: string) => `Right becomes ${label}`,
  reopen: 'Open again',
  decisions: {
    keep: 'Both are kept.',
    relabel: 'Given one label.',
    excludedLeft: 'The left one is excluded.',
    excludedRight: 'The right one is excluded.',
    excludedBoth: 'Both are excluded.',
  },
  keepAll: (count: number, shown: string) => `Keep ${count === 1 ? 'this pair' : `all ${shown}`}`,
  excludeAll: (count: number, shown: string) =>
    count === 1 ? 'Exclude one of this pair' : `Exclude one of each (${shown})`,
  excludeAllText: 'Across training and test the training digit goes, else the one that came later.',

  keys: {
    move: 'Walk over the pairs',
    keep: 'Keep both digits of the pair',
    excludeLeft: 'Exclude the left digit',
    excludeRight: 'Exclude the right digit',
    relabelLeft: 'Give the left digit the label of the right one',
    relabelRight: 'Give the right digit the label of the left one',
    reopen: 'Open the pair again',
  },

  /** What a step of the journal did, for undo and redo. */
  steps: {
    keep: (count: number, shown: string) => `keep ${shown} ${count === 1 ? 'pair' : 'pairs'}`,
    exclude: (count: number, shown: string) => `exclude ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    reopen: (count: number, shown: string) => `open ${shown} ${count === 1 ? 'pair' : 'pairs'} again`,
  },

  /** In the dry run of an import. */
  scan: {
    checking: (done: string, total: string) => `Looking for files that are there twice: ${done} of ${total}`,
    none: 'No file is there twice.',
    noneRecords: 'No digit is there twice.',
    files: (count: number, shown: string) =>
      `${shown} ${count === 1 ? 'file is an exact copy' : 'files are exact copies'} of another one`,
    records: (count: number, shown: string) =>
      `${shown} ${count === 1 ? 'digit is an exact copy' : 'digits are exact copies'} of another one`,
    otherLabel: (shown: string) => `${shown} with another label`,
    leaks: (shown: string) => `${shown} across training and test`,
    found: (what: string, later: string) => `${what}. ${later}`,
    later: 'They are imported; “Duplicates” on the Data page lists them afterwards.',
  },
};
