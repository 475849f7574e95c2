import { z } from 'zod';

/** `pca`: the first two principal components; `umap`: a plane in which neighbours stay neighbours. */
export const embeddingMethods = ['pca', 'umap'] as const;
export type EmbeddingMethod = (typeof embeddingMethods)[number];

/** Digits on a map at most; of more, a sample drawn with a fixed seed. */
export const MOST_PLACED = { pca: 100_000, umap: 10_000 } as const satisfies Record<EmbeddingMethod, number>;

/** Stands for digits that were chosen on a map; the engine keeps which. */
export const selectionId = z.string().regex(/^chosen-[0-9a-f]{32}$/);

/** Where the digits of a batch lie, by what the model's last layer looks at. */
export const embeddingMap = z.object({
  /** Tells this map from every other. */
  key: z.string(),
  /** Digits of the batch when it was made, and now. */
  digits: z.int(),
  digitsNow: z.int(),
  /** Numbers that the model's last layer looks at. */
  features: z.int(),
  /** Share of their variance along each axis; null where axes have no meaning. */
  explained: z.tuple([z.number(), z.number()]).nullable(),
  /** Uint32: which digit of the batch, `i` and this number. */
  ids: z.instanceof(Blob),
  /** Float32: x and y of each. */
  places: z.instanceof(Blob),
});
export type EmbeddingMap = z.infer<typeof embeddingMap>;

/** What is known of the digits of a map now, in its order. */
export const embeddingReadings = z.object({
  /** Of the map. */
  key: z.string(),
  /** Int8, -1 for none. */
  labels: z.instanceof(Blob),
  /** Int8; -1: the digit has gone. */
  predicted: z.instanceof(Blob),
  /** Float32, of the predicted class. */
  confidence: z.instanceof(Blob),
  /** Int8: place among `decisions`, -1 for none. */
  decisions: z.instanceof(Blob),
  /** Uint8, bits: 1 a person changed the label, 2 the label was suspected to be wrong. */
  flags: z.instanceof(Blob),
});
export type EmbeddingReadings = z.infer<typeof embeddingReadings>;

/** Numbers of digits of one batch. */
export const chosenIds = z.array(z.int().min(1).max(0xffff_ffff)).min(1).max(MOST_PLACED.pca);
