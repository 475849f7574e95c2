import type { CsvOptions } from '../../shared/contract/index.ts';
import type { WalkEntry } from '../files/walk.ts';
import { placesOf, readTable, type RowPlace } from './csv-labels.ts';
import { placeOf, type FolderLayout, type Place } from './layout.ts';

/** Where the files of a source belong. */
export interface Places {
  /** The files that are to be read, and why others are left out. */
  choose(chunks: AsyncIterable<WalkEntry[]>): AsyncIterable<WalkEntry[]>;
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
        return name === this.#file ? [] : [this.#judged(entry, name)];
      });
    const missing = [...this.#rows.keys()].filter((name) => !seen.has(name));
    if (missing.length > 0)
      yield missing.map((name) => ({
        path: Buffer.from(name),
        outcome: 'failed',
        reason: { code: 'row-without-file' },
      }));
  }

  of(path: Buffer): Place {
    const row = this.#rows.get(path.toString());
    if (row?.status !== 'done') throw new Error('unreachable: only files with a good row are read');
    return row.place;
  }

  #judged(entry: WalkEntry, name: string): WalkEntry {
    if (entry.outcome !== 'file') return entry;
    const row = this.#rows.get(name);
    if (!row) return { path: entry.path, outcome: 'skipped', reason: { code: 'no-row' } };
    return row.status === 'done' ? entry : { path: entry.path, outcome: 'failed', reason: row.reason };
  }
}
