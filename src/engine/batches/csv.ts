import { digitName } from '../files/names.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { reasonOf, type ExportRow } from './export-rows.ts';

/** A field after RFC 4180: quoted when it holds a comma, a quote or a line break, quotes doubled. */
export const csvField = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Folders that images of this store came from. */
export const sourceRoots = (db: Db): string[] =>
  sql<{ root: Buffer }>(
    db,
    'SELECT root FROM batch WHERE root IS NOT NULL UNION SELECT root FROM data_set UNION SELECT root FROM data_file WHERE root IS NOT NULL',
  )
    .all()
    .map(({ root }) => root.toString());

/** A line with its end. */
export function csvLine(row: ExportRow): string {
  const fields = [
    digitName(row.path, row.position),
    row.digit?.toString() ?? '',
    row.confidence?.toFixed(6) ?? '',
    row.second?.toString() ?? '',
    row.secondConfidence?.toFixed(6) ?? '',
    row.status,
    reasonOf(row) ?? '',
  ];
  return `${fields.map(csvField).join(',')}\n`;
}
