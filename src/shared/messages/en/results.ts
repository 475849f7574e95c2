/** What can be made of a batch's rows. */
export const results = {
  export: 'Export…',
  exportAs: 'Export as',
  formats: { csv: 'CSV table', jsonl: 'JSON lines', parquet: 'Parquet' },
  exporting: (format: string) => `Writing ${format}…`,
};
