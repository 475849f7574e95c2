/** What becomes of a batch's rows and files. Numbers come formatted. */
export const batchFiles = {
  export: 'Export',
  formats: { csv: 'CSV table…', jsonl: 'JSON lines…', parquet: 'Parquet…' },
  exportAs: { csv: 'Export CSV…', jsonl: 'Export JSON lines…', parquet: 'Export Parquet…' },
  exported: (rows: number, shown: string, file: string) =>
    `${shown} ${rows === 1 ? 'row' : 'rows'} written to ${file}.`,
  exporting: 'Export',
  rowsOf: (done: string, total: string) => `${done} of ${total} rows written`,
  stopped: 'The export was stopped. Nothing was written.',
  reused: (files: string) => `${files} from the ledger`,
};
