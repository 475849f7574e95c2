import { expect, it } from 'vitest';
import { TILE_BYTES } from '../../shared/domain.ts';
import { ArithmeticCompute } from '../api/test-support.ts';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { setLabel } from './journal.ts';
import { NeighbourSearch } from './neighbours.ts';
import { dataSet } from './review.testing.ts';

/** Features are the first byte of the tile and its negative: digits are near when their first bytes are. */
class FirstByte extends ArithmeticCompute {
  asked: number[] = [];
  override async features(_?: string, tiles: Uint8Array = new Uint8Array()): Promise<never> {
    const count = tiles.length / TILE_BYTES;
    this.asked.push(count);
    const features = new Float32Array(2 * count);
    for (let at = 0; at < count; at++)
      features.set([tiles[at * TILE_BYTES]!, -tiles[at * TILE_BYTES]!], 2 * at);
    return features as never;
  }
}

let project: Project;
projectForEach(
  (made) => (project = made),
  () => project,
);

it('are the training digits whose features lie nearest, without the digit itself and without test digits', async () => {
  // Tiles hold their label; every other one is a test digit.
  const set = dataSet(project.db, [0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6, 9]);
  const compute = new FirstByte();
  const search = new NeighbourSearch(compute);
  const tile = new Uint8Array(TILE_BYTES).fill(3);
  const ask = (digitId: number | null) =>
    search.find(project.db, { modelId: 1, modelFolder: 'm', dataSetId: set, tile, digitId });
  const { among, digits, pixels } = await ask(null);
  expect(among).toBe(7);
  expect(digits.map(({ label }) => label)).toEqual([3, 2, 4, 1, 5]);
  expect(digits[1]!.distance).toBeCloseTo(Math.SQRT2, 6);
  expect((await pixels.arrayBuffer()).byteLength).toBe(5 * TILE_BYTES);
  expect((await ask(7)).digits.map(({ label }) => label)).toEqual([2, 4, 1, 5, 0]);
  // The training digits went through the network once; a new label does not send them again, a digit that leaves does.
  expect(compute.asked).toEqual([7, 1, 1]);
  setLabel(project.db, ['d5'], 8);
  expect((await ask(null)).digits.map(({ label }) => label)).toEqual([3, 8, 4, 1, 5]);
  setLabel(project.db, ['d5'], null);
  expect((await ask(null)).digits.map(({ label }) => label)).toEqual([3, 4, 1, 5, 0]);
  expect(compute.asked).toEqual([7, 1, 1, 1, 6, 1]);
});
