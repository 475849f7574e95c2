import type { BatchFormat } from '../../shared/contract/batches.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import type { FileWriter } from '../project/atomic.ts';
import type { Db } from '../project/sqlite.ts';
import { csvLine, sourceRoots } from './csv.ts';
import { CSV_HEADER, csvTarget, writeTarget } from './csv-target.ts';
import { exportRows, type ExportRow } from './export-rows.ts';
import { jsonLine } from './jsonl.ts';
import { ledgerRow } from './ledger.ts';
import { parquetOf } from './parquet.ts';

interface TextFormat {
  header: string;
  line: (row: ExportRow) => string;
}

const formats: Record<Exclude<BatchFormat, 'parquet'>, TextFormat> = {
  csv: { header: CSV_HEADER, line: csvLine },
  jsonl: { header: '', line: jsonLine },
};

/**
 * Writes a batch as CSV or as JSON lines (UTF-8, LF), or as Parquet: a row per file in the order of the paths' bytes, the same whoever asks. The file is
 * there whole or not at all, and answers the number of rows. Throws `cannot-write` (also for a source image's place), `disk-full`,
 * `cancelled`, `unknown-id`.
 */
export async function exportBatch(
  db: Db,
  batchId: number,
  file: string,
  format: BatchFormat,
  signal?: AbortSignal,
  onProgress?: (rows: number) => void,
): Promise<number> {
  const { kind } = ledgerRow(db, batchId);
  const target = await csvTarget(file, sourceRoots(db), format);
  const { header, line } = formats[format === 'parquet' ? 'csv' : format];
  let rows = 0;
  const content: FileWriter = async (handle) => {
    if (header) await handle.writeFile(header);
    for (const chunk of exportRows(db, batchId, kind)) {
      checkCancelled(signal);
      await handle.writeFile(chunk.map(line).join(''));
      rows += chunk.length;
      onProgress?.(rows);
      await breathe();
    }
  };
  await writeTarget(target, format === 'parquet' ? parquetOf(content, file, signal) : content);
  return rows;
}
