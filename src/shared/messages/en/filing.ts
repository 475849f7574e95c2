/** Files of a batch that go into class folders. Numbers come formatted. */
export const filing = {
  menu: 'Sort into class folders…',
  title: (batch: string) => `Sort the files of “${batch}” into class folders`,
  action: 'What happens to the files',
  actions: { copy: 'Copy', move: 'Move' },
  notes: {
    copy: 'The files stay where they are as well.',
    move: (source: string) =>
      `The files leave ${source}. The results stay; the original pictures can be shown again once this is undone.`,
  },
  parts: 'Which files',
  part: {
    digits: (files: string) => `Digits, into 0 to 9 (${files})`,
    rejected: (files: string) => `Rejected, into “rejected” (${files})`,
    failed: (files: string) => `Failed, into “failed” (${files})`,
  },
  digitsHint: 'By what was read, or by the label that was given in the review.',
  target: 'Class folders in',
  choose: 'Choose a folder…',
  change: 'Change…',
  notChosen: 'No folder chosen yet.',
  manifestHint:
    'Nothing is overwritten: a name that is taken gets a number. A manifest beside the class folders says what went where, and takes it back.',
  start: {
    copy: (count: number, files: string) => `Copy ${files} ${count === 1 ? 'file' : 'files'}`,
    move: (count: number, files: string) => `Move ${files} ${count === 1 ? 'file' : 'files'}…`,
  },
  confirmTitle: (count: number, files: string) => `Move ${files} ${count === 1 ? 'file' : 'files'}?`,
  confirmText: (source: string, target: string) =>
    `They leave ${source} and go into class folders in ${target}. It can be undone.`,
  confirm: (count: number, files: string) => `Move ${files} ${count === 1 ? 'file' : 'files'}`,

  label: 'Class folders',
  planning: 'Looking at the files…',
  progress: {
    copy: (done: string, total: string) => `${done} of ${total} files copied`,
    move: (done: string, total: string) => `${done} of ${total} files moved`,
    undo: (done: string, total: string) => `${done} of ${total} files taken back`,
  },
  done: {
    copy: (count: number, files: string, target: string) =>
      `${files} ${count === 1 ? 'file' : 'files'} copied into class folders in ${target}.`,
    move: (count: number, files: string, target: string) =>
      `${files} ${count === 1 ? 'file' : 'files'} moved into class folders in ${target}.`,
  },
  stopped: {
    copy: (target: string) => `Copying into class folders in ${target} stopped half way. No file is lost.`,
    move: (target: string) => `Moving into class folders in ${target} stopped half way. No file is lost.`,
  },
  leftOut: (files: string, reason: string) => `${files} left where they are: ${reason}.`,
  goOn: 'Go on',
  undo: 'Undo',
  undone: (batch: string) => `The files of “${batch}” are as they were.`,
};
