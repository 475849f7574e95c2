/** Frame around the pages: rail, bar, status line, palette, keys, engine. */
export const shell = {
  pages: {
    home: 'Home',
    data: 'Data',
    train: 'Train',
    models: 'Models',
    classify: 'Classify',
    review: 'Review',
    settings: 'Settings',
  },
  rail: 'Pages',
  needsProject: 'Open a project first.',
  /** What the numbers beside the pages count. */
  counts: {
    home: '',
    data: 'Digits in this project',
    train: '',
    models: 'Models of this project',
    classify: 'Batches',
    review: 'Digits to look at in the newest batch',
    settings: '',
  },
  running: (count: number) => `${count} running`,
  commandBar: 'Search or run a command',
  skipToPage: 'Skip to the page',
  crumb: {
    home: 'Projects on this machine',
    data: 'Data sets of this project',
    train: 'Networks of the LeNet family',
    models: 'What they have learned, layer by layer',
    classify: 'Folders of scanned digits',
    review: 'Mistakes and doubts',
    settings: '',
  },

  jobs: {
    label: 'Running now',
    kinds: {
      import: (title: string) => `Importing “${title}”`,
      train: (title: string) => `Training “${title}”`,
      classify: (title: string) => `Classifying “${title}”`,
      evaluate: (title: string) => `Reading test set “${title}”`,
      measure: (title: string) => `Measuring the confidence of “${title}”`,
      folds: (title: string) => `Looking for label errors in “${title}”`,
      duplicates: (title: string) => `Looking for duplicates in “${title}”`,
      filing: (title: string) => `Sorting the files of “${title}”`,
      export: (title: string) => `Exporting “${title}”`,
      map: (title: string) => `Making the map of “${title}”`,
    },
    starting: 'starting…',
    stop: (title: string) => `Stop “${title}”`,
    more: (count: number) => `and ${count} more`,
    done: (title: string) => `“${title}” is done.`,
    failed: (title: string) => `“${title}” failed.`,
    show: 'Show',
    interrupted: {
      import: (title: string) => `The import of “${title}” was interrupted.`,
      train: (title: string) => `Training “${title}” was interrupted. It can go on from its last checkpoint.`,
      classify: (title: string) => `Classifying “${title}” was interrupted. No file is read twice.`,
      evaluate: (title: string) => `Reading test set “${title}” was interrupted. No digit is read twice.`,
      measure: (title: string) => `Measuring “${title}” was interrupted. What was measured before stays.`,
      folds: (title: string) =>
        `The search for label errors in “${title}” was interrupted. Parts that are read are not read again.`,
      duplicates: (title: string) => `The search for duplicates in “${title}” was interrupted.`,
      filing: (title: string) =>
        `Sorting the files of “${title}” was interrupted. It can go on or be undone.`,
      export: (title: string) => `The export of “${title}” was interrupted.`,
      map: (title: string) => `The map of “${title}” was interrupted.`,
    },
    goOn: 'Go on',
    later: 'Not now',
  },

  status: {
    engine: (tensorflow: string, threads: number) =>
      `Engine: TensorFlow ${tensorflow}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    engineIdle: 'Engine: running',
    engineStarting: 'Engine: starting…',
    engineStopped: 'Engine: stopped',
    memory: 'Memory of the engine',
    project: (name: string, digits: string) => `Project: ${name}, ${digits}`,
    noProject: 'No project',
    readOnly: 'Read-only',
    saved: 'Saved',
    undo: (key: string, what: string) => `${key} undoes “${what}”`,
    redo: (key: string, what: string) => `${key} redoes “${what}”`,
    /** Decided that it is what its label said. */
    kept: (label: string) => `keep ${label}`,
    change: (from: string, to: string) => `${from} to ${to}`,
    changes: (count: string, to: string) => `${count} digits to ${to}`,
    noLabel: 'no label',
  },

  engine: {
    stopped: (detail: string) => (detail === '' ? 'The engine stopped.' : `The engine stopped: ${detail}.`),
    /** In a browser: the page lost the program that serves it. */
    lost: 'The connection to the studio broke.',
    kept: {
      project: 'Kept: the project, saved on disk.',
      import: 'Kept: the project. The import has to be started again.',
      train: 'Kept: the project, and the training up to its last checkpoint.',
      classify: 'Kept: the project and every file read so far.',
      evaluate: 'Kept: the project and every digit read so far.',
      measure: 'Kept: the project and what was measured before. Measuring has to be started again.',
      folds: 'Kept: the project, and every part of the digits that is wholly read.',
      duplicates: 'Kept: the project. The search for duplicates has to be started again.',
      filing: 'Kept: the project and all files. Sorting can go on or be undone.',
      export:
        'Kept: the project and the file that the export would have replaced. The export has to be started again.',
      map: 'Kept: the project. The map has to be made again.',
    },
    restart: 'Restart and go on',
    reconnect: 'Connect again and go on',
    restarting: 'Restarting…',
    back: 'The engine runs again.',
    failed: 'The engine could not be restarted.',
  },

  /** A project that another studio has open. */
  readOnly: {
    text: 'Read-only: another studio has this project open. You can look around and export; changes made there show here.',
    /** Of a button that is disabled for that. */
    refused: 'Another studio has this project open: nothing can be changed here.',
    take: 'Take over',
    taking: 'Opening…',
    taken: 'The project can be changed here now.',
  },

  palette: {
    title: 'Command palette',
    placeholder: 'Type a page or a command',
    none: 'Nothing fits.',
    pages: 'Pages',
    commands: 'Commands',
    recent: 'Recent projects',
    open: (project: string) => `Open ${project}`,
  },

  keys: {
    title: 'Keys',
    page: (page: string) => `On this page: ${page}`,
    everywhere: 'Everywhere',
    noneHere: 'This page has no keys of its own.',
    change: 'Change keys in Settings',
  },

  commands: {
    palette: 'Open the command palette',
    keys: 'List the keys of this page',
    undo: 'Undo the last change',
    redo: 'Redo the change',
    goto: (page: string) => `Go to ${page}`,
    restart: 'Restart the engine',
    theme: 'Switch the theme between light and dark',
    language: 'Switch language to 中文',
    closeProject: 'Close the project',
  },
  nothingToUndo: 'Nothing to undo.',
  nothingToRedo: 'Nothing to redo.',
  undone: (what: string) => `Undone: ${what}`,
  redone: (what: string) => `Redone: ${what}`,
};
