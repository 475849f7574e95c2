/** Group verification on the Review page: all that was read as one digit, a sheet at a time. Numbers come formatted. */
export const sheets = {
  show: 'Sheets',
  showLong: 'Confirm whole sheets of digits that were read alike',
  back: 'Back to single digits',
  ask: (digit: number) => `Click those that are not a ${digit}.`,
  sheet: (count: number, shown: string, left: string) =>
    `${shown} of ${left} ${count === 1 ? 'digit' : 'digits'} left, least sure first`,
  postponed: (count: number, shown: string) =>
    `${shown} put off ${count === 1 ? 'comes' : 'come'} again at the end`,
  digit: 'Read as',
  option: (digit: number, left: string) => `${digit}, ${left} left`,
  size: 'Digits on a sheet',
  grid: (digit: number) => `Digits read as ${digit}`,
  tile: (digit: number, confidence: string, mark: string) => `Read as ${digit}, ${confidence}${mark}`,
  marks: {
    odd: (digit: number) => `not ${digit}`,
    label: (label: number) => `is ${label}`,
    reject: 'no digit',
  },
  summary: (marked: string, confirmed: string, digit: number) =>
    `${marked} marked, ${confirmed} will be confirmed as ${digit}`,
  confirm: (confirmed: string) => `Confirm ${confirmed} and go on`,
  postpone: 'Put the sheet off',
  none: (digit: number) => `No ${digit} is left to confirm.`,
  allDone: 'Every digit is decided.',
  next: (digit: number, left: string) => `Go on with ${digit}: ${left} left`,
  original: 'Original',
  keys: {
    odd: 'Mark as odd, or take the mark away',
    label: 'Mark with its label',
    reject: 'Mark as no digit',
    confirm: 'Confirm the rest and go on',
    postpone: 'Put the sheet off',
    original: 'Hold: the original around the digit',
    leave: 'Back to single digits',
  },
};
