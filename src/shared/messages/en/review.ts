/** The Review page. */
export const review = {
  batch: 'Batch',
  chooseBatch: 'Choose a batch',
  testSet: 'test set',
  evaluate: 'Evaluate a test set…',
  evaluateTitle: 'Evaluate a test set',
  evaluateText:
    'Reads the labelled test digits of a data set with a model, so that its mistakes can be reviewed.',
  evaluateSet: 'Test set of',
  evaluateModel: 'With model',
  evaluateStart: (count: number, shown: string) => `Read ${shown} ${count === 1 ? 'digit' : 'digits'}`,
  evaluateNoSet: 'No data set of this project has labelled test digits.',
  evaluating: (done: string, total: string) => `Reading the test set: ${done} of ${total}`,
  cancel: 'Cancel',
  running: 'This batch is still being read. The figures grow with it.',

  matrix: {
    title: 'Confusion',
    note: 'Rows: label, columns: read as. The diagonal is not in the colour scale.',
    modes: { counts: 'Counts', row: 'Row %', column: 'Column %', classes: 'By class' },
    mode: 'What the cells show',
    caption: (labelled: string) =>
      `Confusion matrix of ${labelled} labelled digits. Rows are labels, columns are what the model read.`,
    label: 'Label',
    readAs: 'Read as',
    all: 'all',
    showAll: 'Show all digits',
    showRow: (digit: number, count: string) => `Digits with label ${digit}: ${count}`,
    showColumn: (digit: number, count: string) => `Digits read as ${digit}: ${count}`,
    cell: (label: number, predicted: number, count: number, shown: string, share: string) =>
      label === predicted
        ? `${label} read correctly: ${shown}, ${share} of all ${label}`
        : `${label} read as ${predicted}: ${shown} ${count === 1 ? 'digit' : 'digits'}, ${share} of all ${label}`,
    noLabels: 'No digit of this batch has a label yet. The table fills as you label.',
  },

  classes: {
    caption: 'How well each digit is found',
    digit: 'Digit',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    support: 'Support',
    mean: 'Mean',
    kappa: (value: string) => `Cohen’s kappa ${value}`,
    explain:
      'Precision: of those read as it. Recall: of those that are it. The mean counts every class alike.',
  },

  saveMatrix: {
    menu: 'Save',
    formats: { svg: 'Matrix as drawing (SVG)', png: 'Matrix as picture (PNG)', csv: 'Matrix as table (CSV)' },
    file: (name: string) => `${name} confusion`,
    saved: (file: string) => `The matrix is in ${file}.`,
  },

  figures: {
    label: 'Figures of this batch',
    accuracy: 'Accuracy',
    labelled: 'Labelled',
    unlabelled: 'Unlabelled',
    misclassified: 'Misclassified',
  },

  filters: {
    label: 'Which digits are shown',
    all: 'All',
    correct: 'Correct',
    misclassified: 'Misclassified',
    relabelled: 'Relabelled',
    unlabelled: 'Unlabelled',
    cell: (label: number, predicted: number) =>
      label === predicted ? `${label} read correctly` : `${label} read as ${predicted}`,
    labelIs: (label: number) => `label ${label}`,
    predictedIs: (predicted: number) => `read as ${predicted}`,
    remove: (filter: string) => `Take away the filter “${filter}”`,
    count: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'}`,
    left: (_count: number, shown: string) => `${shown} left`,
    order: 'most doubtful first',
    orderSure: 'surest first',
    turn: 'Turn the order round',
  },

  tile: {
    read: (label: string, predicted: number) => `${label}→${predicted}`,
    none: '?',
  },

  grid: {
    label: 'Digits',
    none: 'No digit fits this filter.',
    noneMisclassified: 'Every labelled digit is read as its label.',
    noneUnlabelled: 'The queue is empty: every digit has a label.',
    showAll: 'Show all digits',
    showMistakes: (count: string) => `Show ${count} misclassified`,
  },

  panel: {
    label: 'The selected digit',
    nothing: 'Select a digit to see what the model thought of it.',
    position: (index: string, total: string) => `${index} of ${total}`,
    previous: 'Previous',
    next: 'Next',
    zoom: 'Larger',
    topFive: 'The model’s five best',
    notRead: 'No model read this digit.',
    itIsA: 'It is a',
    relabelAs: (digit: number) => `Label as ${digit}`,
    current: 'its label',
    predicted: 'read as',
    accept: (digit: number) => `Accept ${digit}`,
    clear: 'No label',
    clearLong: 'Take the label away',
    label2: (label: string) => `label ${label}`,
    given: (label: string) => `given ${label}`,
    unlabelled: 'unlabelled',
    relabelled: 'relabelled',
    file: 'File',
    source: 'Source',
    changed: (time: string) => `changed ${time}`,
    original: 'Original',
    originalAlt: (name: string) => `Original picture ${name}`,
    noOriginal: 'No original picture: the digit came as a 28×28 tile.',
    history: 'Label history',
    noHistory: 'Nobody changed its label.',
    from: (from: string, to: string) => `${from} → ${to}`,
    noLabel: 'none',
  },

  keys: {
    relabel: 'Label the digit 0 to 9, go on to the next',
    accept: 'Accept what was read as the label, go on',
    move: 'Previous, next digit',
    zoom: 'Large picture on or off',
    clear: 'Take the label away',
    escape: 'Take the filter away',
  },

  empty: {
    title: 'Nothing to review yet',
    text: 'Classify a folder, or read a test set with a model, and look at the mistakes here.',
    classify: 'Classify a folder',
    train: 'Train a model first',
  },
};
