import type { BatchFormat } from '../../shared/contract/batch-export.ts';
import type { Db } from '../project/sqlite.ts';
import { csvTarget, isFreeFor, isFreeForCsv, startsWith, writeTarget } from './csv-target.ts';
import {
  csvLines,
  digitName,
  linesOf,
  PLACES,
  reasonText,
  sourceRoots,
  writeCsv,
  type ExportRow,
} from './csv.ts';
import { isOurParquet, parquetOf } from './parquet.ts';

/** Whether a file may be replaced unasked by an export of this format. Throws `cannot-write` when that cannot be told. */
export const isFreeForExport: Record<BatchFormat, (file: string) => Promise<boolean>> = {
  csv: isFreeForCsv,
  jsonl: (file) => isFreeFor(file, startsWith('{"path":')),
  parquet: (file) => isFreeFor(file, isOurParquet),
};

/**
 * Writes a batch's results: the same rows, values and order in every format, those of `writeCsv`. The file is there whole or not at all;
 * answers the number of rows. Throws what `writeCsv` throws.
 */
export async function writeExport(
  db: Db,
  batchId: number,
  format: BatchFormat,
  file: string,
  signal?: AbortSignal,
): Promise<number> {
  if (format === 'csv') return writeCsv(db, batchId, file, signal);
  const target = await csvTarget(file, sourceRoots(db), isFreeForExport[format]);
  if (format === 'parquet') {
    const lines = csvLines(db, batchId, signal);
    await writeTarget(target, parquetOf(lines.content, file, signal));
    return lines.rows();
  }
  const lines = linesOf(db, batchId, jsonLine, '', signal);
  await writeTarget(target, lines.content);
  return lines.rows();
}

const rounded = (value: number | null): number | null => value && Number(value.toFixed(PLACES));

const jsonLine = (row: ExportRow): string =>
  `${JSON.stringify({
    path: digitName(row.path, row.position),
    digit: row.digit,
    confidence: rounded(row.confidence),
    second: row.second,
    second_confidence: rounded(row.secondConfidence),
    status: row.status,
    reason: reasonText(row),
  })}\n`;
