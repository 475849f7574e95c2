import { createHash } from 'node:crypto';
import type { ScanCopies } from '../../shared/contract/index.ts';
import { joinBytes } from '../files/names.ts';
import { walk } from '../files/walk.ts';
import type { FileHasher } from '../images/types.ts';
import { Slices } from '../jobs/slices.ts';
import { readPair, recordAt } from './idx-folder.ts';
import type { ImportSource } from './import.ts';
import { readMnist } from './mnist.ts';
import type { Place } from './layout.ts';
import { placesOfFolder } from './places.ts';
import { tileAt } from './store.ts';

export type CopiesStep = { done: number; total: number } | { copies: ScanCopies };

/** Files hashed between two reports. */
const CHUNK = 256;

/**
 * Counts what an import would bring twice, byte for byte: files, of which only those of a size that others have as well are read, or records of IDX
 * files. Files that cannot be read are passed over. Throws `folder-unreadable`, `data-damaged`, `cancelled`.
 */
export async function* countCopies(
  source: ImportSource,
  hasher: FileHasher,
  signal?: AbortSignal,
): AsyncGenerator<CopiesStep, void, undefined> {
  const counter = new CopyCounter();
  if (source.kind === 'folder') yield* compareFiles(source, hasher, counter, signal);
  else yield* compareRecords(source, counter, signal);
  yield { copies: counter.found };
}

class CopyCounter {
  readonly found: ScanCopies = { copies: 0, otherLabel: 0, leaks: 0 };
  readonly #firsts = new Map<string, Place>();

  add(digest: string, place: Place): void {
    const first = this.#firsts.get(digest);
    if (!first) return void this.#firsts.set(digest, place);
    this.found.copies++;
    if (first.label !== place.label) this.found.otherLabel++;
    if ((first.split === 'test') !== (place.split === 'test')) this.found.leaks++;
  }
}

async function* compareFiles(
  source: Extract<ImportSource, { kind: 'folder' }>,
  hasher: FileHasher,
  counter: CopyCounter,
  signal: AbortSignal | undefined,
): AsyncGenerator<CopiesStep, void, undefined> {
  const places = placesOfFolder(source);
  const bySize = new Map<number, Buffer[]>();
  for await (const entries of walk(source.folder, { signal }))
    for (const entry of entries)
      if (entry.outcome === 'file' && places.refused(entry.path) === null) {
        const alike = bySize.get(entry.size);
        if (alike) alike.push(entry.path);
        else bySize.set(entry.size, [entry.path]);
      }
  const files = [...bySize.values()].filter(({ length }) => length > 1).flat();
  const root = Buffer.from(source.folder);
  for (let start = 0; start < files.length; start += CHUNK) {
    yield { done: start, total: files.length };
    const chunk = files.slice(start, start + CHUNK);
    const outcomes = await hasher.digests(
      chunk.map((path) => joinBytes(root, path)),
      signal,
    );
    outcomes.forEach((outcome, at) => {
      if (outcome.status === 'done') counter.add(outcome.digest, places.of(chunk[at]!));
    });
  }
}

async function* compareRecords(
  source: Exclude<ImportSource, { kind: 'folder' }>,
  counter: CopyCounter,
  signal: AbortSignal | undefined,
): AsyncGenerator<CopiesStep, void, undefined> {
  const slices = new Slices(signal);
  let done = 0;
  for await (const { count, bytesAt, placeAt } of recordsOf(source)) {
    for (let at = 0; at < count; at++) {
      counter.add(createHash('sha256').update(bytesAt(at)).digest('base64'), placeAt(at));
      if (slices.over) await slices.next();
    }
    done += count;
    yield { done, total: done };
  }
}

interface Records {
  count: number;
  bytesAt(at: number): Uint8Array;
  placeAt(at: number): Place;
}

async function* recordsOf(source: Exclude<ImportSource, { kind: 'folder' }>): AsyncGenerator<Records> {
  if (source.kind === 'mnist') {
    for (const split of ['train', 'test'] as const) {
      const { tiles, labels } = await readMnist(source.folder, split);
      yield {
        count: labels.length,
        bytesAt: (at) => tileAt(tiles, at),
        placeAt: (at) => ({ split, label: labels[at]! }),
      };
    }
    return;
  }
  for (const pair of source.pairs) {
    const records = await readPair(Buffer.from(source.folder), pair);
    const { count, labels } = records;
    yield {
      count,
      bytesAt: (at) => recordAt(records, at).data,
      placeAt: (at) =>
        labels ? { split: pair.split, label: labels[at]! } : { split: 'unlabelled', label: null },
    };
  }
}
