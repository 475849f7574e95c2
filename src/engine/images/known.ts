/** Contents are known by the first 32 bits of their SHA-256: a million of them are 4 MB, and of a million files 230 meet one by chance. */
export const prefixOf = (digest: string): number => Number.parseInt(digest.slice(0, 8), 16);

/** Where in ascending words, `step` apart from `first` on, the first one lies that is not below `word`; their number when there is none. */
export function lowerBound(words: Uint32Array, word: number, { first = 0, step = 1 } = {}): number {
  let [low, high] = [0, words.length / step];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[middle * step + first]! < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a digest, hex, has one of the ascending prefixes. */
export function isAmong(prefixes: Uint32Array, digest: string): boolean {
  const prefix = prefixOf(digest);
  return prefixes[lowerBound(prefixes, prefix)] === prefix;
}
