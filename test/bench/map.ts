import { principalPlane } from '../../src/engine/embedding/pca.ts';
import { umapPlaces } from '../../src/engine/embedding/umap.ts';
import { randomStream } from '../../src/engine/tensor/random.ts';
import { paintPoints, signOf } from '../../src/renderer/pages/review/map/paint.ts';

/** `npm run bench:map`: seconds that maps of so many digits take, with features in ten clouds of 84 dimensions. */
const WIDTH = 84;

function clouds(count: number): Float32Array {
  const random = randomStream(1, 'clouds');
  const centres = Array.from({ length: 10 * WIDTH }, () => 1.5 * random.normal());
  return Float32Array.from(
    { length: count * WIDTH },
    (_, at) => centres[(Math.floor(at / WIDTH) % 10) * WIDTH + (at % WIDTH)]! + random.normal(),
  );
}

function seconds(work: () => void): string {
  const began = performance.now();
  work();
  return `${((performance.now() - began) / 1000).toFixed(2)} s`;
}

for (const count of [10_000, 100_000]) {
  const features = clouds(count);
  console.log(`PCA   ${count}: ${seconds(() => principalPlane(features, WIDTH))}`);
}
for (const count of [5_000, 10_000, 20_000]) {
  const features = clouds(count);
  console.log(`UMAP  ${count}: ${seconds(() => umapPlaces(features, WIDTH, () => undefined))}`);
}
const count = 70_000;
const picture = { data: new Uint8ClampedArray(4 * 700 * 700), width: 700, height: 700 };
const styles = Array.from({ length: 10 }, () => ({ sign: signOf('disc', 1.6), colour: [1, 2, 3] as const }));
const pixels = Float32Array.from({ length: 2 * count }, (_, at) => (at * 7919) % 700);
const kinds = Uint8Array.from({ length: count }, (_, at) => at % 10);
const painting = { pixels, kinds, faint: new Uint8Array(count), styles, above: [] };
paintPoints(picture, painting);
console.log(`paint ${count}: ${seconds(() => paintPoints(picture, painting))}`);
