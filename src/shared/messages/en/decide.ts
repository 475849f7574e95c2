/** Deciding about digits, and the record of who decided what. */
export const decide = {
  doubt: 'Doubt',
  doubtLong: 'Comes back at the end of the queue',
  reject: 'No digit',
  rejectLong: 'Reject as no digit: it leaves all figures',
  space: 'Space',
  showQueue: 'Show the queue',
  filters: {
    queue: 'Queue',
    doubted: 'Doubted',
    accepted: 'Accepted',
    corrected: 'Corrected',
    rejected: 'No digit',
  },
  decided: { accepted: 'accepted', relabelled: 'corrected', doubted: 'doubted', rejected: 'no digit' },
  queueEmpty: 'The queue is empty: every digit is decided.',
  timeLeft: (duration: string) => `about ${duration} at this pace`,
  order: 'in the order of the decisions',
  keys: {
    doubt: 'Doubt it: it comes back at the end of the queue',
  },
  /** What undo and redo name. */
  steps: {
    accept: (count: number, shown: string, digit: number | null) =>
      count === 1 ? `accept ${digit ?? ''}`.trimEnd() : `accept ${shown} digits`,
    doubt: (count: number, shown: string) => `doubt ${shown} ${count === 1 ? 'digit' : 'digits'}`,
    reject: (count: number, shown: string) => `${shown} ${count === 1 ? 'is' : 'are'} no digit`,
    sheet: (_count: number, shown: string) => `sheet of ${shown}`,
  },

  why: {
    see: 'Show',
    hide: 'Hide',
    title: 'Why',
    show: 'Show why it was read so',
    saliency: (digit: number) => `What speaks for ${digit} (orange) and against it (blue)`,
    neighbours: (among: string) =>
      `Most alike to the model among ${among} training digits, with their labels`,
    neighbour: (label: number, distance: string) =>
      `Training digit with label ${label}, distance ${distance}`,
    maps: 'Orange is above 0, blue below; each layer as strong as its strongest value',
    inside: 'Open in Models',
    insideLong: 'Look at this digit layer by layer, on the Models page',
    leftOut: 'Models shows digits that are in use: this one is set aside.',
    noTraining: 'The digits that this model was trained with are not in this project.',
  },

  audit: {
    export: 'Record as CSV',
    exportTitle: 'Save who changed what, when and why, as CSV',
    file: 'changes',
    saved: (file: string) => `The record of changes is in ${file}.`,
  },
  reviewer: {
    title: 'Review',
    name: 'Your name',
    hint: 'Stands beside every change in the record. Left empty, it is the name you are logged in with.',
  },
};
