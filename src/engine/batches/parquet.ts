import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';
import { checkCancelled } from '../jobs/flow.ts';
import type { FileWriter } from '../project/atomic.ts';
import { storeError } from '../project/sqlite.ts';

/** Key of the note in the file's footer by which it is known again. */
const MARK = 'lenet-studio';
const MAGIC = 'PAR1';

const COLUMNS = {
  path: 'VARCHAR',
  digit: 'TINYINT',
  confidence: 'DOUBLE',
  second: 'TINYINT',
  second_confidence: 'DOUBLE',
  status: 'VARCHAR',
  reason: 'VARCHAR',
};

/** What DuckDB may do: nothing over the network, one thread (one order of rows, the same bytes for the same rows). */
const SETTINGS = {
  threads: '1',
  memory_limit: '512MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
};

/**
 * A batch's CSV as Parquet, by DuckDB: columns as in the CSV, empty fields null. Both lie in the folder for temporary files until the
 * Parquet file is copied to the handle. The content throws what `csv` throws, `disk-full`, `cannot-write`, `cancelled`.
 */
export const parquetOf =
  (csv: FileWriter, file: string, signal?: AbortSignal): FileWriter =>
  async (handle) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'lenet-studio-')).catch((error: unknown) => {
      throw storeError(error, os.tmpdir());
    });
    try {
      const from = path.join(folder, 'rows.csv');
      const to = path.join(folder, 'rows.parquet');
      await writeRows(csv, from);
      await convert(from, to, file, signal);
      await copy(to, handle);
    } finally {
      await fs.rm(folder, { recursive: true, force: true });
    }
  };

async function writeRows(csv: FileWriter, file: string): Promise<void> {
  const handle = await fs.open(file, 'wx');
  try {
    await csv(handle);
  } catch (error) {
    throw storeError(error, path.dirname(file));
  } finally {
    await handle.close();
  }
}

async function convert(from: string, to: string, file: string, signal?: AbortSignal): Promise<void> {
  // Loaded when it is asked for: it is large, and few ask.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    ...SETTINGS,
    temp_directory: path.dirname(to),
  });
  const connection = await instance.connect();
  const stop = (): void => connection.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    checkCancelled(signal);
    const columns = Object.entries(COLUMNS).map(([name, type]) => `${text(name)}: ${text(type)}`);
    await connection.run(
      `COPY (SELECT * FROM read_csv(${text(from)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
         new_line = '\\n', nullstr = '', columns = {${columns.join(', ')}}, parallel = false))
       TO ${text(to)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {${text(MARK)}: 'batch'})`,
    );
  } catch (error) {
    checkCancelled(signal);
    const detail = error instanceof Error ? error.message : String(error);
    if (/no space left|out of disk/i.test(detail))
      throw new StudioError('disk-full', { file: path.dirname(to) }, { cause: error });
    throw new StudioError('cannot-write', { file, detail }, { cause: error });
  } finally {
    signal?.removeEventListener('abort', stop);
    connection.closeSync();
    instance.closeSync();
  }
}

async function copy(from: string, to: fs.FileHandle): Promise<void> {
  const source = await fs.open(from, 'r');
  try {
    for await (const piece of source.createReadStream({ autoClose: false }))
      await to.writeFile(piece as Buffer);
  } finally {
    await source.close();
  }
}

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Whether a file begins and ends as a Parquet file does, with our note in its footer. */
export const isParquetExport = (start: string, end: string): boolean =>
  start.startsWith(MAGIC) && end.endsWith(MAGIC) && end.includes(MARK);
