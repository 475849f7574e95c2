/** The grid of the Data page: what it shows, in which order. */
export const browse = {
  filters: 'Filters of the grid',
  /** Digits found while more are looked for. */
  soFar: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'} so far`,
  find: 'Find in the paths',
  findHint: 'Part of a path',
  reading: 'Read by',
  noReading: 'no model',
  /** The model's name, and when it read the test digits. */
  readingOf: (model: string, when: string) => `${model}, ${when}`,
  predicted: 'Read as',
  anyDigit: 'any digit',
  only: 'Right or wrong',
  onlyOptions: { all: 'right and wrong', correct: 'right only', misclassified: 'wrong only' },
  confidence: 'Confidence',
  from: 'Least confidence in percent',
  to: 'Greatest confidence in percent',
  order: 'Order',
  orders: { import: 'as imported', label: 'by label', path: 'by path', confidence: 'by confidence' },
  ascending: 'Upwards; press for downwards',
  descending: 'Downwards; press for upwards',

  /** What a filter is called on the button that takes it away. */
  chips: {
    text: (text: string) => `Path has “${text}”`,
    predicted: (digit: number) => `Read as ${digit}`,
    only: { correct: 'Read right', misclassified: 'Read wrong' },
    confidence: (from: string, to: string) => `Confidence ${from} to ${to}`,
  },
  takeAway: (filter: string) => `${filter}: take this filter away`,
};
