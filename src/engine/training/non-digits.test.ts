import { describe, expect, it } from 'vitest';
import { defaultRecipe, normalisationOf, TILE_BYTES } from '../../shared/domain.ts';
import { randomStream } from '../tensor/random.ts';
import { someDigits } from './digits.testing.ts';
import { kinds, NO_DIGIT, nonDigit, withNonDigits, type NonDigitOptions } from './non-digits.ts';

const digits = await someDigits('train', 100);
const options = (nonDigits: number, seed: number): NonDigitOptions => ({
  nonDigits,
  seed,
  normalisation: defaultRecipe,
});

describe('non-digits', () => {
  it('stand after the digits, in the wished share, under a label of their own', async () => {
    const both = await withNonDigits(digits, options(0.25, 1));
    expect(both.labels).toHaveLength(125);
    expect(both.tiles).toHaveLength(125 * TILE_BYTES);
    expect(Buffer.compare(both.tiles.subarray(0, digits.tiles.length), digits.tiles)).toBe(0);
    expect([...both.labels.subarray(0, 100)]).toEqual([...digits.labels]);
    expect([...both.labels.subarray(100)]).toEqual(new Array(25).fill(NO_DIGIT));
  });

  it('are the same for the same seed, and others for another', async () => {
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => withNonDigits(digits, options(0.3, seed))),
    );
    expect(again).toEqual(first);
    expect(other!.tiles).not.toEqual(first!.tiles);
  });

  it('are normalised by the recipe of the digits', async () => {
    const normalisation = normalisationOf({ polarity: 'dark-on-light', crop: true, deskew: true });
    const usual = await withNonDigits(digits, options(0.3, 1));
    const upright = await withNonDigits(digits, { ...options(0.3, 1), normalisation });
    const [ours, theirs] = [usual, upright].map(({ tiles }) => tiles.subarray(digits.tiles.length));
    expect(Buffer.compare(ours!, theirs!)).not.toBe(0);
    // They are drawn as light ink, whatever the files have.
    const light = { ...normalisation, polarity: 'light-on-dark' } as const;
    expect(await withNonDigits(digits, { ...options(0.3, 1), normalisation: light })).toEqual(upright);
  });

  it('stop when they are cancelled', async () => {
    const cancelled = AbortSignal.abort();
    await expect(
      withNonDigits(await someDigits('train', 1_000), options(1, 1), cancelled),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it.each(kinds)('%s: as files are normalised, each another, none a digit of the set', (kind) => {
    const seen = new Set<string>();
    const known = new Set([...digits.labels.keys()].map((at) => text(digits.tiles, at)));
    for (let at = 0; at < 40; at++) {
      const tile = nonDigit(digits, kind, {
        random: randomStream(1, 'test', at),
        normalisation: defaultRecipe,
      });
      // In the box of 20 x 20, or a ready tile: just as a digit of a file comes to the model.
      const inked = [...tile.keys()].filter((pixel) => tile[pixel]! > 0);
      const long = (of: (pixel: number) => number): number => {
        const places = inked.map(of);
        return Math.max(...places) - Math.min(...places) + 1;
      };
      const side = Math.max(
        long((pixel) => pixel % 28),
        long((pixel) => Math.floor(pixel / 28)),
      );
      expect(side).toBeLessThanOrEqual(20);
      expect(side).toBeGreaterThan(8);
      expect(known.has(text(tile, 0))).toBe(false);
      seen.add(text(tile, 0));
    }
    expect(seen.size).toBeGreaterThan(35);
  });
});

const text = (tiles: Uint8Array, at: number): string =>
  Buffer.from(tiles.subarray(at * TILE_BYTES, (at + 1) * TILE_BYTES)).toString('latin1');
