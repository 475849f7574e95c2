/** Charts of a batch. */
export const results = {
  show: 'Charts',
  label: 'Charts of this batch',
  digits: 'Digits read',
  confidence: 'Confidence',
  course: 'Rejected and failed, in the order of reading',
  folders: 'Folders, most rejected or failed first',
  rejected: 'rejected',
  failed: 'failed',
  skipped: 'skipped',
  below: (share: string) => `below ${share}`,
  band: (from: string, to: string) => `${from} to ${to}`,
  showDigit: (digit: number, count: string) => `Show what was read as ${digit}: ${count}`,
  showBand: (band: string, count: string) => `Show confidence ${band}: ${count}`,
  part: (place: string, of: string, rejected: string, failed: string) =>
    `Part ${place} of ${of}: ${rejected} rejected, ${failed} failed`,
  full: (share: string) => `full height ${share}`,
  top: '(directly in the folder)',
  files: 'files',
  moreFolders: (count: number, shown: string) => `${shown} more ${count === 1 ? 'folder' : 'folders'}`,
  chips: {
    digit: (digit: number) => `read as ${digit}`,
    band: (band: string) => `confidence ${band}`,
    folder: (folder: string) => `in ${folder}`,
    part: 'part of the batch',
  },
  takeAway: (filter: string) => `Take away the filter “${filter}”`,
};
