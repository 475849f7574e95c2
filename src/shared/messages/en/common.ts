/** Words that several pages share. Numbers come formatted; where words depend on a count it comes beside its text. */
export const common = {
  appName: 'LeNet Studio',
  cancel: 'Cancel',
  close: 'Close',
  retry: 'Try again',
  loading: 'Loading…',
  stop: 'Stop',
  remove: 'Remove',
  more: 'More',
  resizePane: 'Width of the pane',
  resizePaneHint: 'Drag to change the width; double click or Enter gives the first width back',
  kept: 'Kept:',
  next: 'What to do:',
  engineGone: 'The engine did not answer.',
  timeLeft: (time: string) => `${time} left`,
  digits: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'}`,
  files: (count: number, shown: string) => `${shown} ${count === 1 ? 'file' : 'files'}`,
  progress: (percent: string, left: string) => (left === '' ? percent : `${percent}, ${left} left`),
  /** What a screen reader says of one digit. */
  digitName: (label: number | null, predicted: number | null, confidence: string | null) => {
    const parts = [label === null ? 'unlabelled digit' : `digit ${label}`];
    if (predicted !== null) parts.push(`read as ${predicted}`);
    if (confidence !== null) parts.push(confidence);
    return parts.join(', ');
  },
  digitLoading: 'loading',
  grid: 'Digits',
  /** Where a browser shows the studio, folders come from its command line. */
  folders: {
    started: 'Folders this studio was started with:',
    none: 'This studio was started without a folder',
    noneText: 'Start it with --root and a folder, then choose that folder here.',
  },
};
