import type { EmbeddingMethod } from '../../shared/contract/embedding.ts';

/** How much of the work is done, in any unit. */
export type Progress = (done: number, total: number) => void;

export interface PlaceRequest {
  method: EmbeddingMethod;
  /** N x width. */
  features: Float32Array<ArrayBuffer>;
  width: number;
}

export interface Placed {
  /** N x 2. */
  places: Float32Array;
  explained: [number, number] | null;
}

export type FromPlacer = { kind: 'progress'; share: number } | { kind: 'placed'; placed: Placed };
