/** The report about a batch and its review. Numbers come formatted. */
export const report = {
  title: (batch: string) => `Review of ${batch}`,
  source: (source: string) => `Digits from ${source}`,
  model: (model: string) => `Read by ${model}`,
  made: (when: string) => `Made ${when} with LeNet Studio`,
  figures: 'Figures',
  decided: 'Decided digits',
  changed: 'Of them changed',
  perMinute: 'Digits per minute',
  perDecision: 'Time per decision',
  seconds: (seconds: string) => `${seconds} s`,
  kinds: {
    relabelled: (count: string) => `Corrected digits: ${count}`,
    rejected: (count: string) => `Rejected as no digit: ${count}`,
  },
  corrected: (read: string, label: string) => `${read} → ${label}`,
  readAs: (read: string) => `read as ${read}`,
  retrained: (before: string, after: string) => `Trained again: from ${before} to ${after}`,
  quoted: (name: string) => `“${name}”`,
  measuredOn: (digits: string, set: string) =>
    `Both read the same ${digits} test digits of ${set}, by their labels as they are now.`,
  notMeasured: 'Not both models have read a test split, so there is nothing to compare.',
  before: 'Before',
  after: 'After',
  means: { precision: 'Mean precision', recall: 'Mean recall', f1: 'Mean F1' },
  kappa: 'Cohen’s kappa',
  matrixChange: 'What changes in the confusion matrix',
  rejectNote:
    'Of the labelled digits, by their labels as they are now: errors among those that are accepted when the least certain are rejected.',
  fixed: (count: string) => `Read right only after: ${count}`,
  broken: (count: string) => `Read right only before: ${count}`,
  first: (shown: string, total: string) => `The first ${shown} of ${total}`,
  /** In the window. */
  pace: 'Pace of the review',
  formats: { html: 'Report (HTML)', pdf: 'Report (PDF)' },
  file: (batch: string) => `${batch} review`,
  saved: (file: string) => `The report is in ${file}.`,
};
