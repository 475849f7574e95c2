import { PCA } from 'ml-pca';

export interface Plane {
  /** N x 2. */
  places: Float32Array;
  /** Share of the variance along each axis, 0 to 1. */
  explained: [number, number];
}

/**
 * Projects features, N x width, on their first two principal components (Pearson 1901): eigenvectors of the covariance over all N. The
 * sign of an axis is free; its largest weight is made positive.
 */
export function principalPlane(features: Float32Array, width: number): Plane {
  const count = features.length / width;
  const means = new Float64Array(width);
  for (let at = 0; at < features.length; at++) means[at % width]! += features[at]! / count;
  const pca = new PCA(covariance(features, means), { isCovarianceMatrix: true });
  const vectors = pca.getEigenvectors();
  const axes = [0, 1].map((axis) => (axis < width ? withSign(vectors.getColumn(axis)) : null));
  const places = new Float32Array(2 * count);
  for (let row = 0; row < count; row++)
    axes.forEach((weights, axis) => {
      if (weights === null) return;
      let sum = 0;
      for (let at = 0; at < width; at++) sum += weights[at]! * (features[row * width + at]! - means[at]!);
      places[2 * row + axis] = sum;
    });
  const shares = pca.getExplainedVariance();
  return { places, explained: [share(shares[0]), share(shares[1])] };
}

/** Without variance at all there is nothing to have a share of. */
const share = (value = 0): number => (Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0);

function covariance(features: Float32Array, means: Float64Array): number[][] {
  const width = means.length;
  const count = features.length / width;
  const sums = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let from = 0; from < features.length; from += width) {
    for (let at = 0; at < width; at++) row[at] = features[from + at]! - means[at]!;
    for (let i = 0; i < width; i++) {
      const value = row[i]!;
      for (let j = i; j < width; j++) sums[i * width + j]! += value * row[j]!;
    }
  }
  const divisor = Math.max(1, count - 1);
  return Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => sums[Math.min(i, j) * width + Math.max(i, j)]! / divisor),
  );
}

function withSign(weights: readonly number[]): readonly number[] {
  const largest = weights.reduce((most, weight) => (Math.abs(weight) > Math.abs(most) ? weight : most), 0);
  return largest < 0 ? weights.map((weight) => -weight) : weights;
}
