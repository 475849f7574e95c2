import { digitName } from './csv.ts';
import { reasonOf, type ExportRow } from './export-rows.ts';

/** Confidences as the CSV has them. */
const rounded = (value: number | null): number | null => (value === null ? null : Number(value.toFixed(6)));

/** A JSON object with the columns of the CSV, with its line end. */
export const jsonLine = (row: ExportRow): string =>
  `${JSON.stringify({
    path: digitName(row.path, row.position),
    digit: row.digit,
    confidence: rounded(row.confidence),
    second: row.second,
    second_confidence: rounded(row.secondConfidence),
    status: row.status,
    reason: reasonOf(row),
  })}\n`;

/** Whether a file begins as an export does. */
export const isJsonExport = (start: string): boolean =>
  /^\{"path":"(?:[^"\\]|\\.)*","digit":[\dn].*?,"second_confidence":/.test(start);
