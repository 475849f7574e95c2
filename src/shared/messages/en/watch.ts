/** Folders that are watched. Numbers come formatted. */
export const watch = {
  menu: 'Watch this folder',
  label: 'Watched folder',
  withNew: 'Watch the folder for new files',
  on: 'Watching the folder: a new file is classified within 2 seconds once it is complete.',
  later: 'Once all is read, the folder is watched for new files.',
  paused: 'The watch is paused. What comes meanwhile is classified when it goes on.',
  trouble: (error: string) => `${error} The watch goes on by itself once it can be read.`,
  changed: (count: number, files: string) =>
    `${files} ${count === 1 ? 'file has' : 'files have'} changed after being read; “Classify again” reads ${count === 1 ? 'it' : 'them'}.`,
  pause: 'Pause',
  goOn: 'Go on',
  stop: 'Stop watching',
  tag: 'watched',
  tagPaused: 'watch paused',
};
