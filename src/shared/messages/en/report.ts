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
  first: (shown: string, total: string) => `The first ${shown} of ${total}`,
  /** In the window. */
  pace: 'Pace of the review',
  formats: { html: 'Report (HTML)', pdf: 'Report (PDF)' },
  file: (batch: string) => `${batch} review`,
  saved: (file: string) => `The report is in ${file}.`,
};
