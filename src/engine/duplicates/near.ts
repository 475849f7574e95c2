import { Slices } from '../jobs/slices.ts';
import { randomStream } from '../tensor/random.ts';
import { BLOCKS, blocksAreNear, NEAR } from './likeness.ts';

/** Bits of a digit's perceptual hash. */
const BITS = 128;
const WORDS = BITS / 32;
/** Tables that digits meet in; each looks at bits of its own. A near pair misses all of them less than once in a hundred. */
const TABLES = 16;
/** Digits that the middle of a projection is taken from. */
const SAMPLE = 2_000;
/** Digits of the same bucket and about the same ink that one is compared with. */
const MOST_NEIGHBOURS = 1_000;

/** Digits in pieces: `sums` N x 49 block sums, `ink` their totals, `members` the digits that are looked at. */
export interface Sums {
  sums: Uint16Array;
  ink: Uint32Array;
  members: Uint32Array;
}

/**
 * Candidates for near duplicates, as pairs of indices, lower one first; a pair may come several times. Signs of random projections of the block sums
 * are a hash under which near digits agree in most bits (Charikar 2002); in every table, digits that agree in its bits are
 * compared by their block sums. Throws `cancelled`.
 *
 * @param onTable told how many of the tables are done
 */
export async function* nearCandidates(
  digits: Sums,
  onTable: (done: number, tables: number) => void,
  signal?: AbortSignal,
): AsyncGenerator<[number, number], void, undefined> {
  const { sums, ink, members } = digits;
  const slices = new Slices(signal);
  const hashes = await perceptualHashes(digits, slices);
  const bits = Math.min(20, Math.max(8, Math.ceil(Math.log2(members.length + 1))));
  const starts = new Uint32Array(2 ** bits + 1);
  const bucketed = new Uint32Array(members.length);
  const keys = new Uint32Array(members.length);
  for (let table = 0; table < TABLES; table++) {
    const chosen = randomStream(1, 'duplicates: table', table)
      .shuffle(Array.from({ length: BITS }, (_, bit) => bit))
      .slice(0, bits);
    await fillBuckets(hashes, chosen, { members, keys, starts, bucketed }, slices);
    for (let bucket = 0; bucket < 2 ** bits; bucket++) {
      const [from, to] = [starts[bucket]!, starts[bucket + 1]!];
      if (to - from < 2) continue;
      const inside = bucketed.subarray(from, to).sort((a, b) => ink[a]! - ink[b]!);
      for (let at = 0; at < inside.length; at++) {
        const a = inside[at]!;
        // Tiles whose ink in all differs by more cannot be near.
        const most = (ink[a]! * (1 + NEAR)) / (1 - NEAR);
        const end = Math.min(inside.length, at + 1 + MOST_NEIGHBOURS);
        for (let other = at + 1; other < end && ink[inside[other]!]! <= most; other++) {
          const b = inside[other]!;
          if (blocksAreNear(sums, a * BLOCKS, b * BLOCKS, NEAR * (ink[a]! + ink[b]!)))
            yield a < b ? [a, b] : [b, a];
        }
        if (slices.over) await slices.next();
      }
    }
    onTable(table + 1, TABLES);
  }
}

/** Members x 4 words, from the signs of 128 projections; each one's middle is the mean over some digits. */
async function perceptualHashes({ sums, members }: Sums, slices: Slices): Promise<Uint32Array> {
  const random = randomStream(1, 'duplicates: projections');
  const directions = Float32Array.from({ length: BITS * BLOCKS }, () => random.normal());
  const middle = meanOf(sums, members);
  const hashes = new Uint32Array(members.length * WORDS);
  const centred = new Float32Array(BLOCKS);
  for (let at = 0; at < members.length; at++) {
    const from = members[at]! * BLOCKS;
    for (let block = 0; block < BLOCKS; block++) centred[block] = sums[from + block]! - middle[block]!;
    for (let bit = 0; bit < BITS; bit++) {
      let projection = 0;
      for (let block = 0; block < BLOCKS; block++)
        projection += centred[block]! * directions[bit * BLOCKS + block]!;
      if (projection > 0) hashes[at * WORDS + (bit >>> 5)]! |= 1 << (bit & 31);
    }
    if (slices.over) await slices.next();
  }
  return hashes;
}

function meanOf(sums: Uint16Array, members: Uint32Array): Float32Array {
  const mean = new Float32Array(BLOCKS);
  const step = Math.max(1, Math.floor(members.length / SAMPLE));
  let count = 0;
  for (let at = 0; at < members.length; at += step, count++)
    for (let block = 0; block < BLOCKS; block++) mean[block]! += sums[members[at]! * BLOCKS + block]!;
  return mean.map((sum) => sum / Math.max(1, count));
}

interface Buckets {
  members: Uint32Array;
  /** Of each member, by place. */
  keys: Uint32Array;
  /** Where each bucket begins in `bucketed`. */
  starts: Uint32Array;
  /** The members, bucket by bucket. */
  bucketed: Uint32Array;
}

/** Sorts the members by the chosen bits of their hashes. */
async function fillBuckets(
  hashes: Uint32Array,
  chosen: readonly number[],
  { members, keys, starts, bucketed }: Buckets,
  slices: Slices,
): Promise<void> {
  starts.fill(0);
  for (let at = 0; at < members.length; at++) {
    let key = 0;
    for (const bit of chosen) key = (key << 1) | ((hashes[at * WORDS + (bit >>> 5)]! >>> (bit & 31)) & 1);
    keys[at] = key;
    starts[key + 1]!++;
    if (slices.over) await slices.next();
  }
  for (let bucket = 1; bucket < starts.length; bucket++) starts[bucket]! += starts[bucket - 1]!;
  const next = starts.slice();
  for (let at = 0; at < members.length; at++) bucketed[next[keys[at]!]!++] = members[at]!;
}
