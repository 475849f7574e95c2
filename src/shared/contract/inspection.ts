import { z } from 'zod';
import { CLASSES, digitLabel } from '../domain.ts';
import { architecture } from '../models/layers.ts';
import { digitRef } from './schemas.ts';

/** A model's layers and its weights. */
export const modelInside = z.object({
  architecture,
  /** float32, little-endian, in the order of `parameterSpecs(architecture)`. */
  weights: z.instanceof(Blob),
});
export type ModelInside = z.infer<typeof modelInside>;

const perClass = z.array(z.number()).length(CLASSES);

/** How a model reads one digit, layer by layer. Numbers in Blobs are float32, little-endian. */
export const inspection = z.object({
  ref: digitRef,
  label: digitLabel.nullable(),
  /** Relative path, or the position in an IDX file. */
  name: z.string(),
  /** 28 x 28 bytes, ink 255 on 0. */
  pixels: z.instanceof(Blob),
  /** What the last layer gives, its softmax, and the class of the largest. */
  scores: perClass,
  probabilities: perClass,
  answer: digitLabel,
  /** The class whose score `saliency` is the derivative of. */
  target: digitLabel,
  /** What each layer gives, in the order of the architecture: height x width x maps. */
  outputs: z.instanceof(Blob),
  /** 28 x 28: how the target's score follows each byte. */
  saliency: z.instanceof(Blob),
});
export type Inspection = z.infer<typeof inspection>;
