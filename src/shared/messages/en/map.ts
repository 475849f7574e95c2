/** The map of a batch on the Review page. Numbers come formatted. */
export const map = {
  view: 'View',
  views: { matrix: 'Matrix', map: 'Map' },
  show: 'Show the digits on a map, as the model sees them',
  method: 'How digits are placed',
  methods: { pca: 'PCA', umap: 'UMAP' },
  colour: 'Colour',
  colours: { label: 'Label', predicted: 'Read as', outcome: 'Right or wrong' },
  about: {
    pca: (features: string, first: string, second: string) =>
      `The ${features} features that the model decides by, on their first two principal components: across ${first} of the variance, upwards ${second}.`,
    umap: (features: string) =>
      `The ${features} features that the model decides by, by UMAP: near means alike; distances between groups and directions mean nothing.`,
  },
  placed: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'}.`,
  sample: (shown: string, total: string) =>
    `${shown} of ${total} digits, drawn at random; the rest is left out.`,
  came: (count: number, shown: string) =>
    `${shown} ${count === 1 ? 'digit has' : 'digits have'} come since the map was made.`,
  hidden: (count: number, shown: string) =>
    `${shown} rejected as no digit ${count === 1 ? 'is' : 'are'} not shown.`,
  faint: (filter: string) => `Faint: not in “${filter}”.`,
  faintLegend: 'Press one to see its digits alone.',
  folds: 'Places are by the named model; what was read is by models that had not seen the digit.',
  make: 'Make the map',
  again: 'Make it anew',
  making: (progress: string) => `Making the map: ${progress}`,
  makingOther: (title: string, progress: string) => `The map of “${title}” is being made first: ${progress}`,
  begins: 'starting…',
  cancel: 'Cancel',
  cancelled: 'The map was not made.',
  cancelledText: 'Making it was stopped. Everything else stays as it is.',
  none: 'There is nothing to put on the map yet',
  noneText: 'It shows the digits of a batch once they have been read.',
  whileReading: 'The digits are still being read',
  whileReadingText: 'The map is made when all of them are here, or now from those that are.',
  label: (count: string) => `Map of ${count} digits`,
  help: 'Arrow keys go from digit to digit, with Ctrl in leaps; Enter shows the digit. Shift and arrow keys draw a rectangle, Enter shows the digits in it. The table below says the same in numbers.',
  hint: 'Click a digit to see it; draw round some to see them all.',
  inside: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'} inside`,
  filter: (count: number, shown: string) => `${shown} ${count === 1 ? 'digit' : 'digits'} from the map`,
  at: (name: string, label: string, predicted: number, confidence: string) =>
    `${name}: label ${label}, read as ${predicted}, ${confidence}`,
  labelIs: (label: string) => `label ${label}`,
  readAs: (predicted: number, confidence: string) => `read as ${predicted}, ${confidence}`,
  legend: {
    label: 'What the colours mean',
    class: (digit: number, count: string) => `Digits with label ${digit}: ${count}`,
    read: (digit: number, count: string) => `Digits read as ${digit}: ${count}`,
    none: 'no label',
    right: 'read right',
    wrong: 'read wrong',
    unlabelled: 'unlabelled',
    show: (name: string, count: string) => `${name}: ${count}`,
  },
  table: {
    open: 'In numbers',
    caption: {
      label: 'Digits on the map by label',
      predicted: 'Digits on the map by what they were read as',
    },
    digit: 'Digit',
    count: 'On the map',
    together: 'Next to its own kind',
    other: 'Else next to',
    explain: 'Next to its own kind: the nearest digit on the map is of the same class.',
  },
  keys: {
    move: 'On the map: to the next digit in that direction',
    leap: 'On the map: in leaps',
    rectangle: 'On the map: draw a rectangle, Enter shows its digits',
  },
};
