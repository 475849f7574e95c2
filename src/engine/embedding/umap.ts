import { UMAP } from 'umap-js';
import { randomStream } from '../tensor/random.ts';
import type { Progress } from './protocol.ts';

/** Neighbours that a digit is placed by, itself among them, and how near points may come: what McInnes et al. 2018 propose. */
const NEIGHBOURS = 15;
const MIN_DISTANCE = 0.1;
const SEED = 1;
/** Rows between two notices. */
const STRIDE = 250;
/** What an epoch costs beside the search for the neighbours of 10,000 digits, per digit. */
const EPOCH_COST = 0.006;

/**
 * Places features, N x width, in a plane in which near ones stay near (UMAP, McInnes, Healy and Melville 2018). The neighbours are exact, and
 * the same features give the same plane. Answers N x 2.
 */
export function umapPlaces(features: Float32Array, width: number, progress: Progress): Float32Array {
  const count = features.length / width;
  if (count < 4) return new Float32Array(2 * count).map((_, at) => (at % 2 === 0 ? at / 2 : 0));
  const neighbours = Math.min(NEIGHBOURS, count - 1);
  const random = randomStream(SEED, 'umap');
  const umap = new UMAP({
    nNeighbors: neighbours,
    minDist: MIN_DISTANCE,
    random: () => random.uniform(),
  });
  const search = count / 10_000;
  const { indices, distances } = nearest(features, width, neighbours, (share) =>
    progress(search * share, search + 1 + EPOCH_COST * 200),
  );
  umap.setPrecomputedKNN(indices, distances);
  const epochs = umap.initializeFit(
    Array.from({ length: count }, (_, row) => [...features.subarray(row * width, (row + 1) * width)]),
  );
  const total = search + 1 + EPOCH_COST * epochs;
  for (let epoch = 0; epoch < epochs; epoch++) {
    progress(search + 1 + EPOCH_COST * epoch, total);
    umap.step();
  }
  return Float32Array.from(umap.getEmbedding().flat());
}

/** For each row the nearest by Euclidean distance, itself first. */
export function nearest(
  features: Float32Array,
  width: number,
  most: number,
  progress: (share: number) => void,
): { indices: number[][]; distances: number[][] } {
  const count = features.length / width;
  const indices: number[][] = [];
  const distances: number[][] = [];
  for (let row = 0; row < count; row++) {
    if (row % STRIDE === 0) progress(row / count);
    const found = [row];
    const squares = [0];
    let worst = Infinity;
    for (let other = 0; other < count; other++) {
      if (other === row) continue;
      const square = squareDistance(features, width, row, other, worst);
      if (square >= worst) continue;
      let place = squares.length;
      while (place > 1 && squares[place - 1]! > square) place--;
      squares.splice(place, 0, square);
      found.splice(place, 0, other);
      if (squares.length > most) {
        squares.pop();
        found.pop();
      }
      if (squares.length === most) worst = squares[most - 1]!;
    }
    indices.push(found);
    distances.push(squares.map(Math.sqrt));
  }
  return { indices, distances };
}

/** Not summed up any further once it is as large as `enough`. */
function squareDistance(
  features: Float32Array,
  width: number,
  row: number,
  other: number,
  enough: number,
): number {
  const [a, b] = [row * width, other * width];
  let sum = 0;
  for (let at = 0; at < width; at++) {
    const difference = features[a + at]! - features[b + at]!;
    sum += difference * difference;
    if ((at & 15) === 15 && sum >= enough) return sum;
  }
  return sum;
}
