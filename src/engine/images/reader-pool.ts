import { availableParallelism } from 'node:os';
import type { DigitBox } from '../../shared/contract/index.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { entryBeside } from '../entry.ts';
import { baseName, escapeName } from '../files/names.ts';
import { ReaderLane } from './reader-lane.ts';
import type {
  DigestOutcome,
  FileHasher,
  ImageReader,
  KnownFile,
  NewImageReader,
  PictureViewer,
  ReadFailure,
  ReadOutcome,
  StepPicture,
} from './types.ts';

const ENTRY = entryBeside(import.meta.url, 'reader');
const MOST_PROCESSES = 8;
/** A picture of 100 megapixels takes a few seconds. */
const TIMEOUT_MS = 30_000;

export interface ReaderPoolOptions {
  /** For `read`; one more is for the eye. */
  processes?: number;
  /** Most milliseconds for one file; its process is killed then. */
  timeoutMs?: number;
  /** The script of a process, which calls `serveReads`. */
  entry?: URL;
}

/**
 * Reads image files in processes that start with the first call and stay, and shows them to the eye in one of its own. A file that
 * takes too long fails with `read-timeout`; one that ends its process twice, the second time alone, fails with
 * `decoder-crashed`. The other files of the call are read all the same.
 */
export class ReaderPool implements ImageReader, NewImageReader, FileHasher, PictureViewer {
  readonly #readers: ReaderLane;
  readonly #viewer: ReaderLane;

  constructor({
    processes = Math.min(MOST_PROCESSES, availableParallelism()),
    timeoutMs = TIMEOUT_MS,
    entry = ENTRY,
  }: ReaderPoolOptions = {}) {
    this.#readers = new ReaderLane({ processes, timeoutMs, entry });
    this.#viewer = new ReaderLane({ processes: 1, timeoutMs, entry });
  }

  /** Of the processes that run now, for supervision. */
  get pids(): number[] {
    return [...this.#readers.pids, ...this.#viewer.pids];
  }

  /**
   * One outcome per path, in order; calls are served in turn. Rejects with `internal` when no reader process can be started,
   * and with `cancelled` when the pool is closed.
   */
  read(paths: readonly Buffer[], recipe: NormalisationRecipe, follow = false): Promise<ReadOutcome[]> {
    return this.#readers.read(paths, { kind: 'tile', recipe, follow });
  }

  readNew(
    paths: readonly Buffer[],
    recipe: NormalisationRecipe,
    known: Uint32Array,
    follow = false,
  ): Promise<(ReadOutcome | KnownFile)[]> {
    return this.#readers.read(paths, { kind: 'new', recipe, known, follow });
  }

  digests(paths: readonly Buffer[], signal?: AbortSignal, follow = false): Promise<DigestOutcome[]> {
    return this.#readers.read(paths, { kind: 'digest', follow }, signal);
  }

  async original(path: Buffer, signal?: AbortSignal, follow = false): Promise<Uint8Array> {
    const [outcome] = await this.#viewer.read([path], { kind: 'original', follow }, signal);
    if (outcome!.status === 'done') return outcome!.png;
    throw unreadable(path, outcome!);
  }

  async steps(
    path: Buffer,
    recipe: NormalisationRecipe,
    signal?: AbortSignal,
    follow = false,
  ): Promise<StepPicture[]> {
    const [outcome] = await this.#viewer.read([path], { kind: 'steps', recipe, follow }, signal);
    if (outcome!.status === 'done') return outcome!.steps;
    throw unreadable(path, outcome!);
  }

  async box(
    path: Buffer,
    recipe: NormalisationRecipe,
    signal?: AbortSignal,
    follow = false,
  ): Promise<DigitBox | null> {
    const [outcome] = await this.#viewer.read([path], { kind: 'box', recipe, follow }, signal);
    if (outcome!.status === 'done') return outcome!.box;
    throw unreadable(path, outcome!);
  }

  /** Kills the processes and waits until they have gone; reads under way reject with `cancelled`. */
  async close(): Promise<void> {
    await Promise.all([this.#readers.close(), this.#viewer.close()]);
  }
}

const unreadable = (path: Buffer, { reason }: ReadFailure): StudioError =>
  new StudioError('original-unreadable', {
    ...reason.params,
    file: escapeName(baseName(path)),
    reason: reason.code,
  });
