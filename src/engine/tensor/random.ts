/**
 * Random numbers that depend on nothing but what they are for: every (seed, purpose, indices) names a stream of its own, so that
 * epoch 7 shuffles the same way whether or not epochs 1 to 6 ran in this process.
 */
export interface RandomStream {
  /** Uniform over 0 .. 2^32 - 1. */
  uint32(): number;
  /** Uniform over [low, high). */
  uniform(low?: number, high?: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** Uniform over 0 .. count - 1, without bias; count is at most 2^32. */
  below(count: number): number;
  /** Fisher-Yates, in place. */
  shuffle<T extends Uint8Array | Uint32Array | unknown[]>(items: T): T;
}

/** One round of MurmurHash3's 32-bit body, then its finaliser: spreads every bit of `value` over the state. */
function mix(state: number, value: number): number {
  let word = Math.imul(value, 0xcc9e2d51);
  word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  let hash = state ^ word;
  hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

/** The stream of one purpose: xoshiro128** (Blackman and Vigna), its state hashed from the key. */
export function randomStream(seed: number, purpose: string, ...indices: number[]): RandomStream {
  let key = mix(0, seed);
  for (const character of purpose) key = mix(key, character.codePointAt(0)!);
  for (const index of indices) key = mix(mix(key, index), 0x9e3779b9);
  // The state must not be all zero; a hash of four different words is not, and the last one makes sure.
  let a = mix(key, 1);
  let b = mix(key, 2);
  let c = mix(key, 3);
  let d = mix(key, 4) | 1;

  const uint32 = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 11);
    return result;
  };
  /** 53 random bits over [0, 1). */
  const unit = (): number => ((uint32() >>> 5) * 0x400_0000 + (uint32() >>> 6)) / 2 ** 53;
  const below = (count: number): number => {
    const limit = 2 ** 32 - (2 ** 32 % count);
    for (;;) {
      const word = uint32();
      if (word < limit) return word % count;
    }
  };

  return {
    uint32,
    below,
    uniform: (low = 0, high = 1) => low + (high - low) * unit(),
    // Box-Muller; 1 - u keeps the logarithm away from 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit()),
    shuffle: (items) => {
      for (let last = items.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [items[last], items[other]] = [items[other]!, items[last]!];
      }
      return items;
    },
  };
}
