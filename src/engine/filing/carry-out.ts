import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut } from '../../shared/contract/filing.ts';
import type { ReasonCode } from '../../shared/errors.ts';
import { fileInside, realFile } from '../files/inside.ts';
import { joinBytes } from '../files/names.ts';
import { errorCode, fileReason } from '../files/reasons.ts';
import { checkCancelled, together } from '../jobs/flow.ts';
import { syncFolder } from '../project/atomic.ts';
import { storeError } from '../project/sqlite.ts';
import { makeClassFolder } from './class-folders.ts';
import {
  isThere,
  mayBeFiled,
  manifestLines,
  readManifest,
  writeManifest,
  type Manifest,
  type ManifestLine,
} from './manifest.ts';
import { copy, digestOf, linkOrCopy, sweep } from './place.ts';

export interface CarryOutOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface CarriedOut {
  total: number;
  /** Files that lie in a class folder. */
  filed: number;
  /** Files that were left where they are; the manifest says which. */
  reasons: LeftOut;
}

/** Files that are worked on at once. */
const WORKERS = 8;

/**
 * Copies or moves the files of a manifest into their class folders, from wherever that stands. Nothing is overwritten; a file that is not what
 * was classified, or that cannot be read, is left where it is, and at the end the manifest says so. Throws `manifest-unreadable`, `disk-full`,
 * `cannot-write`, `cancelled`: it can go on then, or be undone.
 */
export const finishFiling = (file: string, options: CarryOutOptions = {}): Promise<CarriedOut> =>
  new Run(file, options).finish();

/**
 * Takes it back: moved files go where they were, copies are deleted as long as their original is there. A file that was changed since stays, and so does
 * one whose old name is taken; the manifest then keeps their lines. Without any it goes, and the class folders that are empty with it. Throws as `finishFiling`.
 */
export const undoFiling = (file: string, options: CarryOutOptions = {}): Promise<CarriedOut> =>
  new Run(file, options).undo();

interface Step {
  state: 'done' | ReasonCode;
  /** This name of the file goes once the other one lasts. */
  drop?: Buffer;
  /** That other name. */
  stays?: Buffer;
  /** It was written now. */
  copied?: boolean;
}

class Run {
  readonly #file: string;
  readonly #target: string;
  readonly #options: CarryOutOptions;
  /** Folders that are there and no links. */
  readonly #folders = new Map<string, Promise<boolean>>();

  /** Class folders of the lines. */
  readonly #used = new Set<string>();

  constructor(file: string, options: CarryOutOptions) {
    this.#file = path.resolve(file);
    this.#target = path.dirname(this.#file);
    this.#options = options;
  }

  async finish(): Promise<CarriedOut> {
    const manifest = await readManifest(this.#file);
    const states = await this.#each(manifest, (line) => this.#fileOne(manifest, line));
    await writeManifest(manifest, withStates(this.#file, states));
    const reasons = countsOf(states);
    return { total: manifest.total, filed: manifest.total - sumOf(reasons), reasons };
  }

  async undo(): Promise<CarriedOut> {
    const manifest = await readManifest(this.#file);
    const states = await this.#each(manifest, (line) => this.#takeBack(manifest, line));
    const reasons = countsOf(states);
    const filed = sumOf(reasons);
    if (filed > 0) await writeManifest(manifest, stillFiled(this.#file, states));
    else await fs.rm(this.#file, { force: true });
    for (const folder of this.#used)
      // Only what is empty can be removed this way.
      await fs.rmdir(path.join(this.#target, folder)).catch(() => undefined);
    return { total: manifest.total, filed, reasons };
  }

  async #each({ total }: Manifest, work: (line: ManifestLine) => Promise<Step>): Promise<Step['state'][]> {
    const { signal, onProgress } = this.#options;
    const states: Step['state'][] = [];
    for await (const lines of manifestLines(this.#file)) {
      checkCancelled(signal);
      for (const { folder } of lines) this.#used.add(folder);
      const steps = await together(lines, WORKERS, work);
      await this.#last(steps);
      for (const step of steps) states.push(await dropped(step));
      onProgress?.(states.length, total);
    }
    return states;
  }

  /** What was copied must outlast a power cut before the other name goes. */
  async #last(steps: readonly Step[]): Promise<void> {
    const folders = new Set(
      steps.flatMap(({ copied, stays }) => (copied && stays ? [parentOf(stays).toString('latin1')] : [])),
    );
    for (const folder of folders) await syncFolder(Buffer.from(folder, 'latin1'));
  }

  async #fileOne(manifest: Manifest, line: ManifestLine): Promise<Step> {
    const { root, action, follow } = manifest;
    const { hash, state } = line;
    // It could not be read when the plan was made.
    if (hash === '') return { state: mayBeFiled(state) ? 'read-error' : state };
    const to = this.#placeOf(line);
    const from = await originalOf(manifest, line);
    if (from === null) {
      const old = joinBytes(root, line.path);
      await sweep(old, this.#temporary(old));
      // A move that had got so far, or nothing that could be moved.
      if (action === 'move' && (await holds(to, hash))) return { state: 'done' };
      if (!(await isThere(old))) return { state: 'vanished' };
      return { state: follow ? 'broken-link' : 'outside-folder' };
    }
    await this.#classFolder(line.folder);
    return this.#place(action === 'copy' ? copy : linkOrCopy, from, to, hash, action === 'move');
  }

  async #takeBack(manifest: Manifest, line: ManifestLine): Promise<Step> {
    const { root, action } = manifest;
    const { hash, state } = line;
    if (!mayBeFiled(state)) return { state: 'done' };
    const from = this.#placeOf(line);
    const to = joinBytes(root, line.path);
    await sweep(from, this.#temporary(from));
    if (!(await this.#isFolder(parentOf(from))) || !(await isThere(from)))
      return { state: action === 'copy' || (await isThere(to)) ? 'done' : 'vanished' };
    if (!(await holds(from, hash))) return { state: 'file-changed' };
    if (action === 'copy') {
      const original = await originalOf(manifest, line);
      return original !== null && (await holds(original, hash))
        ? { state: 'done', drop: from }
        : { state: 'original-gone' };
    }
    if (!(await this.#makeFolders(root, line.path))) return { state: 'outside-folder' };
    return this.#place(linkOrCopy, from, to, hash, true);
  }

  /** A name that is taken by the same content is that of an earlier run. */
  async #place(how: typeof copy, from: Buffer, to: Buffer, hash: string, isMove: boolean): Promise<Step> {
    const temporary = this.#temporary(to);
    await sweep(to, temporary);
    const placed = await how(from, to, hash, temporary);
    if ('refused' in placed && !(placed.refused === 'name-taken' && (await holds(to, hash))))
      return { state: placed.refused };
    const copied = isMove && 'how' in placed && placed.how === 'copied';
    return { state: 'done', stays: to, copied, ...(isMove && { drop: from }) };
  }

  #placeOf({ folder, name }: ManifestLine): Buffer {
    return joinBytes(Buffer.from(path.join(this.#target, folder)), name);
  }

  /** Beside the name that a copy is to get, and the same each time: what a killed run left is found there. */
  #temporary(to: Buffer): Buffer {
    const id = createHash('sha256').update(to).digest('hex').slice(0, 16);
    return Buffer.concat([parentOf(to), Buffer.from(`/.${path.basename(this.#file, '.csv')}-${id}`)]);
  }

  /** Throws `cannot-write`, `disk-full`. */
  async #classFolder(name: string): Promise<void> {
    const key = `class ${name}`;
    if (!this.#folders.has(key))
      this.#folders.set(
        key,
        makeClassFolder(this.#target, name).then(() => true),
      );
    await this.#folders.get(key);
  }

  /** Whether there is a folder, not a link to one. */
  #isFolder(folder: Buffer): Promise<boolean> {
    return this.#once(folder, () =>
      fs.lstat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      ),
    );
  }

  /** Makes the folders above a file below the root that are gone; false when there is something else, or a link, in the place of one. */
  async #makeFolders(root: Buffer, relative: Buffer): Promise<boolean> {
    const make = async (folder: Buffer, options = {}): Promise<boolean> => {
      try {
        await fs.mkdir(folder, options);
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') throw storeError(error, folder.toString());
      }
      return (await fs.lstat(folder)).isDirectory();
    };
    if (!(await this.#once(root, () => make(root, { recursive: true })))) return false;
    for (let slash = relative.indexOf('/'); slash >= 0; slash = relative.indexOf('/', slash + 1)) {
      const folder = joinBytes(root, relative.subarray(0, slash));
      if (!(await this.#once(folder, () => make(folder)))) return false;
    }
    return true;
  }

  #once(folder: Buffer, work: () => Promise<boolean>): Promise<boolean> {
    const key = folder.toString('latin1');
    let known = this.#folders.get(key);
    if (!known) this.#folders.set(key, (known = work()));
    return known;
  }
}

const originalOf = ({ root, follow }: Manifest, { path: relative }: ManifestLine): Promise<Buffer | null> =>
  follow ? realFile(joinBytes(root, relative)) : fileInside(root, relative);

const parentOf = (file: Buffer): Buffer => file.subarray(0, file.lastIndexOf('/'));

const holds = async (file: Buffer, hash: string): Promise<boolean> => {
  const digest = await digestOf(file);
  return 'hash' in digest && digest.hash === hash;
};

/** Takes the name away that is too many; where that is not allowed, the other one. */
async function dropped({ state, drop, stays }: Step): Promise<Step['state']> {
  if (!drop) return state;
  try {
    await fs.unlink(drop);
    return state;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return state;
    if (stays) await fs.unlink(stays);
    return fileReason(error).code;
  }
}

/** Files by the reason for which they were left where they are. */
function countsOf(states: readonly Step['state'][]): LeftOut {
  const counts: LeftOut = {};
  for (const state of states) if (state !== 'done') counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const sumOf = (counts: LeftOut): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

async function* withStates(
  file: string,
  states: readonly Step['state'][],
): AsyncGenerator<(ManifestLine & { state: Step['state'] })[]> {
  let at = 0;
  for await (const lines of manifestLines(file))
    yield lines.map((line) => ({ ...line, state: states[at++]! }));
}

/** Lines of what could not be taken back, to be tried again. */
async function* stillFiled(file: string, states: readonly Step['state'][]): AsyncGenerator<ManifestLine[]> {
  for await (const lines of withStates(file, states))
    yield lines.flatMap(({ state, ...line }): ManifestLine[] =>
      state === 'done' ? [] : [{ ...line, state: `kept ${state}` }],
    );
}
