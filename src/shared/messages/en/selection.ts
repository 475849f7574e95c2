/** Tags, and changes of the digits that are selected in the grid of the Data page. */
export const selection = {
  label: 'The selected digits',
  selected: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'} selected`,
  hint: (all: string) => `Select digits with a click, Shift or Ctrl; ${all} selects all.`,
  most: (most: string) => `at most ${most} at a time`,
  counting: 'Still counting…',
  giveLabel: 'Label',
  labelTo: (digit: number) => `Label ${digit}`,
  noLabel: 'No label',
  move: 'Split',
  splits: { train: 'To training', test: 'To test' },
  tag: 'Tag',
  tagName: 'Name of the tag',
  tagHint: 'Tag',
  addTag: 'Add tag',
  takeTag: 'Take tag away',
  tagCount: (name: string, count: string) => `${name} (${count})`,
  clear: 'Select none (Esc)',
  changed: (count: number, shown: string) =>
    count === 0 ? 'They are all so already.' : `${shown} ${count === 1 ? 'digit' : 'digits'} changed`,
  /** A run that cannot go on once the data are others. */
  trains: (run: string) =>
    `“${run}” goes on with the digits as they were when it began. With other labels or splits it cannot be resumed once it stops.`,
  tags: 'Tags',
  removeTag: (name: string) => `Take the tag ${name} away from this digit`,
  filter: {
    tag: 'Tag',
    anyTag: 'any',
    status: 'Which digits',
    anyStatus: 'digits in use',
    statuses: { relabelled: 'with a changed label', excluded: 'left out' },
    chips: { relabelled: 'Label changed', excluded: 'Left out', tag: (name: string) => `Tag ${name}` },
  },
  /** What undo and redo name. */
  steps: {
    tag: (count: number, shown: string) => `tag ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    untag: (count: number, shown: string) => `take a tag from ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    split: (count: number, shown: string) =>
      `move ${shown} ${count === 1 ? 'digit' : 'digits'} to another split`,
  },
  keys: {
    moreLabels: 'Show the digits with this label as well',
    range: 'Select from here to there',
    toggle: 'Select the digit, or not',
    all: 'Select all that are shown',
  },
};
