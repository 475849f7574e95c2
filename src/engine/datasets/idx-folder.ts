import type { NormalisationRecipe } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { baseName, joinBytes } from '../files/names.ts';
import type { GreyPicture } from '../images/picture.ts';
import { stepsOf } from '../images/steps.ts';
import type { StepPicture } from '../images/types.ts';
import { damaged, mayBeIdx, readIdx } from './idx.ts';

/** An IDX file of pictures and the one with their labels; paths relative to the folder, the file system's bytes. */
export interface IdxPair {
  images: Buffer;
  /** Null: the pictures come without labels. */
  labels: Buffer | null;
  split: 'train' | 'test';
}

export interface IdxRecords {
  count: number;
  width: number;
  height: number;
  /** count x height x width. */
  pixels: Uint8Array;
  /** As they stand in the file, 0 to 255; null when there are none. */
  labels: Uint8Array | null;
}

/** Files that lie beside the pairs and are no part of them. */
export interface IdxFound {
  pairs: IdxPair[];
  left: { path: Buffer; reason: Reason }[];
}

type Role = 'images' | 'labels';
interface Candidate {
  path: Buffer;
  role: Role;
  packed: boolean;
}

/** Longest side of a record, in pixels. */
const MOST_SIDE = 256;
const ROLE = /images?|labels?/gi;
const TEST = /t10k|test|valid|(?:^|[^a-z])val(?:[^a-z]|$)/i;

/** Finds pairs by name while a folder is listed: `train-images…` with `train-labels…`, whatever stands around the two words. */
export class IdxFinder {
  readonly #candidates: Candidate[] = [];
  #others = 0;
  #other: Buffer | null = null;

  add(path: Buffer): void {
    const candidate = candidateOf(path);
    if (candidate) this.#candidates.push(candidate);
    else {
      this.#others++;
      this.#other ??= path;
    }
  }

  /** How many files are no part of a pair, and the first of them. */
  get others(): { count: number; example: Buffer } | null {
    return this.#other && { count: this.#others, example: this.#other };
  }

  /** Null when no file holds pictures; only the first bytes of files whose name alone does not tell are read. */
  async find(folder: Buffer): Promise<IdxFound | null> {
    const groups = new Map<string, Partial<Record<Role, Buffer>>>();
    const left: IdxFound['left'] = [];
    // Plain files first, so that a packed copy is the one left out.
    for (const { path, role, packed } of this.#candidates.sort(
      (a, b) => Number(a.packed) - Number(b.packed),
    )) {
      if (!saysIdx(path) && !(await mayBeIdx(joinBytes(folder, path)))) {
        left.push({ path, reason: { code: 'not-idx' } });
        continue;
      }
      const key = keyOf(path);
      const group = groups.get(key) ?? {};
      if (group[role]) left.push({ path, reason: { code: packed ? 'packed-copy' : 'not-idx' } });
      else groups.set(key, { ...group, [role]: path });
    }
    const pairs: IdxPair[] = [];
    for (const { images, labels } of groups.values())
      if (images)
        pairs.push({ images, labels: labels ?? null, split: TEST.test(text(images)) ? 'test' : 'train' });
      else left.push({ path: labels!, reason: { code: 'labels-without-images' } });
    // Training comes first, whatever the names are.
    pairs.sort(
      (a, b) => Number(a.split === 'test') - Number(b.split === 'test') || a.images.compare(b.images),
    );
    return pairs.length > 0 ? { pairs, left } : null;
  }
}

const text = (path: Buffer): string => path.toString('latin1');
const plain = (path: Buffer): string => text(path).replace(/\.gz$/i, '');
const saysIdx = (path: Buffer): boolean => /idx|ubyte/i.test(plain(baseName(path)));

/** The same for both files of a pair. */
const keyOf = (path: Buffer): string =>
  plain(path)
    .toLowerCase()
    .replace(ROLE, '*')
    .replace(/idx[13]/g, 'idx');

function candidateOf(path: Buffer): Candidate | null {
  const name = plain(path);
  if (!saysIdx(path) && plain(baseName(path)).includes('.')) return null;
  const word = [...name.matchAll(ROLE)].at(-1)?.[0].toLowerCase();
  if (!word) return null;
  return { path, role: word.startsWith('image') ? 'images' : 'labels', packed: name.length < path.length };
}

/** The records of a pair, checked against each other. Throws `data-damaged`, which names the file. */
export async function readPair(folder: Buffer, { images, labels }: IdxPair): Promise<IdxRecords> {
  const pictures = await readIdx(joinBytes(folder, images));
  const [count, height, width] = pictures.shape as [number, number, number];
  if (pictures.shape.length !== 3 || !isSide(height) || !isSide(width))
    throw damaged(images, `shape ${pictures.shape.join(' x ')}`);
  const records = { count, width, height, pixels: pictures.values };
  if (!labels) return { ...records, labels: null };
  const answers = await readIdx(joinBytes(folder, labels));
  if (answers.shape.length !== 1 || answers.shape[0] !== count)
    throw damaged(labels, `${answers.shape.join(' x ')} labels for ${count} images`);
  return { ...records, labels: answers.values };
}

const isSide = (side: number): boolean => side >= 1 && side <= MOST_SIDE;

/** The picture of a record, height x width. */
export function recordAt({ width, height, pixels }: IdxRecords, index: number): GreyPicture {
  const size = width * height;
  return { width, height, data: pixels.subarray(index * size, (index + 1) * size) };
}

/** Why a record is left out: its label is none of the ten digits. */
export const labelOutOfRange = (label: number): Reason => ({ code: 'label-out-of-range', params: { label } });

/** How a record of an IDX file becomes a tile, step by step. Throws `data-damaged`. */
export async function recordSteps(
  root: Buffer,
  images: Buffer,
  record: number,
  recipe: NormalisationRecipe,
): Promise<StepPicture[]> {
  const records = await readPair(root, { images, labels: null, split: 'train' });
  if (record >= records.count) throw damaged(images, `no record ${record}`);
  return stepsOf(recordAt(records, record), recipe);
}
