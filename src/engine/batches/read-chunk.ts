import { TILE_BYTES } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { parentLabel } from '../datasets/layout.ts';
import { joinBytes } from '../files/names.ts';
import type { ReadOutcome } from '../images/types.ts';
import { orCancelled } from '../jobs/flow.ts';
import { earlierFindings, type EarlierFinding } from './again.ts';
import type { KnownContents } from './known-contents.ts';
import type * as ledger from './ledger.ts';
import type { BatchOptions } from './options.ts';
import { isNoDigit, readingsOf, type Reading } from './reading.ts';

export interface ReadFile {
  file: ledger.QueuedFile;
  outcome: ReadOutcome;
  /** Taken over from an earlier batch; null: the model is asked. */
  known: Reading | null;
  /** The batch that this one repeats read something else there. */
  changed: boolean;
}

/** What a chunk of files gives: read, or found before. */
export async function readFiles(
  options: BatchOptions,
  { root, againOf, verify, followLinks }: ledger.LedgerRow,
  files: ledger.QueuedFile[],
  known: KnownContents | null = null,
): Promise<ReadFile[]> {
  const { db, batchId, reader, signal } = options;
  const places = files.map(({ path }) => joinBytes(root!, path));
  const follow = followLinks === 1;
  const digests = againOf !== null && verify === 1 ? await reader.digests!(places, signal, follow) : null;
  const earlier =
    againOf === null ? new Map<number, never>() : earlierFindings(db, { batchId, againOf }, files, digests);
  const isKnown = ({ id }: ledger.QueuedFile): boolean => earlier.has(id) && earlier.get(id) !== 'changed';
  const unknown = places.filter((_, index) => !isKnown(files[index]!));
  const outcomes = await readContents(options, unknown, known, follow);
  let used = 0;
  return files.map((file): ReadFile => {
    const found = earlier.get(file.id);
    if (found === undefined || found === 'changed')
      return { file, ...outcomes[used++]!, changed: found === 'changed' };
    return { file, ...takenOver(found), changed: false };
  });
}

type Content = Pick<ReadFile, 'outcome' | 'known'>;

const takenOver = ({ reading: known, ...tile }: EarlierFinding): Content => ({
  outcome: { status: 'done', ...tile },
  known,
});

/** What files give, or what was found in the same bytes before. */
async function readContents(
  { reader, recipe }: BatchOptions,
  places: readonly Buffer[],
  known: KnownContents | null,
  follow: boolean,
): Promise<Content[]> {
  if (places.length === 0) return [];
  const read = (paths: readonly Buffer[]): Promise<ReadOutcome[]> => reader.read(paths, recipe, follow);
  const asNew = (outcome: ReadOutcome): Content => ({ outcome, known: null });
  if (known === null) return (await read(places)).map(asNew);
  const outcomes = await reader.readNew!(places, recipe, known.prefixes, follow);
  const contents = outcomes.map((outcome, index): Content | null => {
    if (outcome.status !== 'known') return asNew(outcome);
    const found = known.find(outcome.digest, places[index]!);
    return found && takenOver(found);
  });
  // Only its prefix is known, or a file of that content has another extension or was removed meanwhile.
  const rest = places.filter((_, index) => contents[index] === null);
  const late = rest.length === 0 ? [] : await read(rest);
  let used = 0;
  return contents.map((content) => content ?? asNew(late[used++]!));
}

/** Results for files that were read, with one call of the model for all that gave a tile; a rejected digit keeps its reading. */
export async function classify(
  options: BatchOptions,
  read: ReadFile[],
  { threshold, temperature }: ledger.LedgerRow,
): Promise<ledger.FileResult[]> {
  const answered = read.map(({ outcome, known }) =>
    outcome.status === 'done' ? (known ?? options.own?.find(outcome.hash) ?? null) : null,
  );
  const tiles = read.flatMap(({ outcome }, at) =>
    outcome.status === 'done' && answered[at] === null ? [outcome.tile] : [],
  );
  const readings = await classifyTiles(options, tiles, temperature);
  const { keepTiles = true } = options;
  let used = 0;
  return read.map(({ file, outcome, known, changed }, at): ledger.FileResult => {
    if (outcome.status !== 'done')
      return {
        fileId: file.id,
        digit: null,
        status: outcome.status,
        reason: outcome.reason,
        hash: null,
        width: null,
        height: null,
        reused: false,
      };
    const { hash, width, height, note, tile } = outcome;
    const digit = {
      reading: answered[at] ?? readings[used++]!,
      label: parentLabel(file.path),
      tile: keepTiles ? tile : null,
    };
    const rejected = threshold !== null && digit.reading.confidence < threshold;
    const reason: Reason | null = rejected
      ? isNoDigit(digit.reading)
        ? { code: 'no-digit' }
        : { code: 'below-threshold', params: { threshold } }
      : (note ?? (changed ? { code: 'changed-since' } : null));
    const status = rejected ? 'rejected' : 'done';
    return { fileId: file.id, digit, status, reason, hash, width, height, reused: known !== null };
  });
}

/** How the model of a batch reads N tiles of 28 x 28. Throws `cancelled`, `compute-stopped`, `model-…`. */
export async function classifyTiles(
  { compute, modelFolder, signal }: BatchOptions,
  tiles: readonly Uint8Array[],
  temperature: number | null,
): Promise<Reading[]> {
  if (tiles.length === 0) return [];
  const packed = new Uint8Array(tiles.length * TILE_BYTES);
  tiles.forEach((tile, index) => packed.set(tile, index * TILE_BYTES));
  return readingsOf(
    await orCancelled(compute.classify(modelFolder, packed, temperature ?? undefined), signal),
  );
}
