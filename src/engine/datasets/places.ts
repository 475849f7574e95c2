import type { CsvOptions } from '../../shared/contract/index.ts';
import type { Reason } from '../../shared/errors.ts';
import type { WalkEntry } from '../files/walk.ts';
import { placesOf, readTable, type RowPlace } from './csv-labels.ts';
import { placeOf, type FolderLayout, type Place } from './layout.ts';

/** Where the files of a source belong. */
export interface Places {
  /** The files that are to be read, and why others are left out. */
  choose(chunks: AsyncIterable<WalkEntry[]>): AsyncIterable<WalkEntry[]>;
  /** Why a file is left out without being read; null for one that is to be read. */
  refused(path: Buffer): Reason | null;
  /** Split and label of a file that was chosen. */
  of(path: Buffer): Place;
}

/** By the folders that they lie in. */
export class FolderPlaces implements Places {
  readonly #layout: FolderLayout;
  constructor(layout: FolderLayout) {
    this.#layout = layout;
  }

  choose(chunks: AsyncIterable<WalkEntry[]>): AsyncIterable<WalkEntry[]> {
    return chunks;
  }

  refused(): null {
    return null;
  }

  of(path: Buffer): Place {
    return placeOf(path, this.#layout);
  }
}

/** By the rows of a CSV. A row without a file is an entry that failed, as is a file without a row. */
export class CsvPlaces implements Places {
  readonly #rows: Map<string, RowPlace>;
  readonly #file: string;

  /** Throws `data-damaged`. */
  constructor(folder: string, options: CsvOptions) {
    this.#file = options.file;
    this.#rows = placesOf(readTable(folder, options, () => false)).places;
  }

  async *choose(chunks: AsyncIterable<WalkEntry[]>): AsyncGenerator<WalkEntry[]> {
    const seen = new Set<string>();
    for await (const chunk of chunks)
      yield chunk.flatMap((entry) => {
        const name = entry.path.toString();
        seen.add(name);
        return name === this.#file ? [] : [this.#judged(entry)];
      });
    const missing = [...this.#rows.keys()].filter((name) => !seen.has(name));
    if (missing.length > 0)
      yield missing.map((name) => ({
        path: Buffer.from(name),
        outcome: 'failed',
        reason: { code: 'row-without-file' },
      }));
  }

  refused(path: Buffer): Reason | null {
    const row = this.#rows.get(path.toString());
    if (!row) return { code: 'no-row' };
    return row.status === 'done' ? null : row.reason;
  }

  of(path: Buffer): Place {
    const row = this.#rows.get(path.toString());
    if (row?.status !== 'done') throw new Error('unreachable: only files with a good row are read');
    return row.place;
  }

  #judged(entry: WalkEntry): WalkEntry {
    if (entry.outcome !== 'file') return entry;
    const reason = this.refused(entry.path);
    return reason
      ? { path: entry.path, outcome: reason.code === 'no-row' ? 'skipped' : 'failed', reason }
      : entry;
  }
}

/** Of a folder that is read by its layout or by a CSV. Throws `data-damaged`. */
export const placesOfFolder = ({
  folder,
  ...source
}: { folder: string } & ({ layout: FolderLayout } | { layout: 'csv'; csv: CsvOptions })): Places =>
  source.layout === 'csv' ? new CsvPlaces(folder, source.csv) : new FolderPlaces(source.layout);
