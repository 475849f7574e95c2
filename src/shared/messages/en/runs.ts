/** Runs on the Train page: held and going on, notes, removal, comparison, export. Numbers come formatted. */
export const runs = {
  pause: 'Pause training',
  goOn: 'Go on training',
  paused: 'paused',
  /** In the bar at the top. */
  pausedAt: (percent: string) => `paused at ${percent}`,
  pausedState: (epoch: string, epochs: string) => `paused, epoch ${epoch} of ${epochs}`,
  pausedSentence: (step: string, steps: string) => `paused at step ${step} of ${steps}, which is kept`,
  pauseOf: (title: string) => `Pause “${title}”`,
  goOnWith: (title: string) => `Go on with “${title}”`,
  resumeFrom: (step: string) => `Go on from step ${step}`,
  startAgain: 'Start again from the beginning',
  rateAtFirst: (rate: string) => `learning rate ${rate} at first`,
  stopped: {
    cancelled: (step: number, shown: string) =>
      step === 0
        ? 'Cancelled before anything was kept.'
        : `Cancelled. What it had learnt by step ${shown} is kept.`,
    interrupted: (step: number, shown: string) =>
      step === 0
        ? 'The engine stopped before anything was kept.'
        : `The engine stopped. What it had learnt by step ${shown} is kept.`,
  },

  notes: {
    label: 'Notes',
    placeholder: 'Notes on this run',
    notSaved: 'not saved yet',
  },

  list: {
    select: (name: string) => `Compare ${name}`,
    selectHint: (most: string) => `Up to ${most} runs can be compared at once.`,
    compare: (count: string) => `Compare ${count} runs`,
    compareNone: 'Compare runs',
    compareHint: 'Mark two runs or more to compare them.',
    clear: 'Clear marks',
    notes: 'Notes',
    sort: { ascending: 'sorted upwards', descending: 'sorted downwards' },
    removed: (name: string) => `Run “${name}” was removed.`,
    restored: (name: string) => `Run “${name}” is back.`,
    removedAgain: (name: string) => `Run “${name}” was removed again.`,
    undo: 'Undo',
    removal: (name: string) => `removal of run ${name}`,
  },

  export: {
    png: 'PNG',
    csv: 'CSV',
    pngTitle: 'Save these curves as a picture (PNG)',
    csvTitle: 'Save these curves as a table (CSV)',
    saved: (file: string) => `Saved as ${file}.`,
    file: (name: string) => `${name} curves`,
    comparison: 'comparison',
  },

  compare: {
    title: (count: string) => `Comparison of ${count} runs`,
    back: 'Back to the runs',
    view: 'What is compared',
    views: { curves: 'Curves', matrices: 'Matrices', rejects: 'Errors and rejects' },
    matrixOf: (run: string) => `${run}: confusion`,
    matrixNote: 'rows: label, columns: read as',
    matrixDifference: (from: string, to: string) => `What changes from ${from} to ${to}`,
    matrixDifferenceNote: 'blue: better, orange: worse',
    changedCell: (label: number, predicted: number, before: string, after: string) =>
      `${label} read as ${predicted}: ${before} before, ${after} after`,
    rejectNote: 'of the test digits, by their labels as they are now',
    rejectSummary: (runs: string) =>
      `Share of errors among accepted digits, over the share rejected, of ${runs}.`,
    curveNote: 'solid: validation; dashed: training',
    lossNote: 'nats',
    lossNoteOther: 'nats; training losses other than cross-entropy are left out',
    lossSummary: (runs: string) => `Loss over the epochs of ${runs}.`,
    errorSummary: (runs: string) => `Error over the epochs of ${runs}.`,
    lineTrain: (run: string) => `${run}, training`,
    lineValidation: (run: string) => `${run}, validation`,
    table: 'Figures and differences',
    row: 'What',
    results: 'Results',
    settings: 'Settings that differ',
    noSettings: 'All settings are the same.',
    bestEpoch: 'Best epoch',
    validationError: 'Validation error',
    testError: 'Test error',
    size: 'Parameters',
    time: 'Time at work',
    data: 'Data',
    perClass: 'Error by class, on the test split',
    perClassUnknown: 'Known once the test split has been read.',
    digit: (label: string) => `Digit ${label}`,
    showDigit: (label: string) => `Show only digits ${label}`,
    wrongOf: (wrong: string, labelled: string) => `${wrong} of ${labelled}`,
    lowest: 'lowest',
    digits: 'Digits that one reads right and the other does not',
    pair: 'Runs',
    pairOf: (a: string, b: string) => `${a} and ${b}`,
    direction: 'Which one reads them right',
    rightWrong: (right: string, wrong: string, count: string) => `${right} right, ${wrong} wrong: ${count}`,
    moreThanChance: (better: string, worse: string, more: string, chance: string) =>
      `${better} reads ${more} more right than ${worse}: more than chance (McNemar’s test, ${chance}).`,
    mayBeChance: (better: string, worse: string, more: string, chance: string) =>
      `${better} reads ${more} more right than ${worse}, which may well be chance (McNemar’s test, ${chance}).`,
    asMany: 'Both read as many right.',
    chance: (value: string) => `p = ${value}`,
    chanceBelow: (value: string) => `p < ${value}`,
    onlyDigit: (label: string) => `digit ${label}`,
    allDigits: (label: string) => `Show all digits again, not only ${label}`,
    none: (right: string, wrong: string) => `${right} reads nothing right that ${wrong} misreads.`,
    unread: (runs: string) => `The test split has not been read with ${runs}`,
    unreadText: 'Each model reads the whole test split once; after that the comparison is at hand.',
    read: (digits: string, models: number) =>
      models === 1 ? `Read ${digits} digits with it` : `Read ${digits} digits with ${models} models`,
    reading: (run: string, done: string, total: string) => `Reading with ${run}: ${done} of ${total}`,
    noModel: (runs: string) => `${runs}: no model`,
    noModelText:
      'Only a run that was finished, and whose model is still there, can be measured on the test split.',
    noTest: 'There is no test split',
    noTestText:
      'Import a data set with a test split, such as MNIST, to see which digits the runs read differently.',
    testSet: 'Test split of',
    caption: (label: number, predicted: number) => `${label} as ${predicted}`,
    detail: 'The digit, large',
    label: (label: string) => `Label ${label}`,
    readAs: (run: string, digit: string) => `${run} reads ${digit}`,
    closeDetail: 'Close the large view',
  },
};
