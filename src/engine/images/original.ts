import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { baseName, escapeName } from '../files/names.ts';
import { readRegularFile } from '../files/read-file.ts';
import { openForDisplay } from './decode.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import type { GreyPicture } from './picture.ts';
import { openImage } from './read-image.ts';
import { normalise, type StepName } from './recipe.ts';
import { resample, whole } from './resample.ts';
import { sniff } from './sniff.ts';

/** Longest side of the original for the eye. */
const ORIGINAL_SIDE = 1600;
/** Longest side of a step's picture in the preview. */
const PREVIEW_SIDE = 512;
/** A picture that takes longer is not worth a preview. */
const SECONDS = 30;

export interface StepPicture {
  name: StepName;
  width: number;
  height: number;
  /** width x height, uint8, grey. */
  pixels: Uint8Array;
}

/**
 * The file's first picture, upright and in its colours, as PNG with at most 1600 pixels on its long side. Throws
 * `data-damaged` when it cannot be shown (any more); the detail is the reason's code.
 */
export async function renderOriginal(path: Buffer): Promise<Uint8Array> {
  const bytes = readOrThrow(path);
  const sniffed = sniff(bytes);
  if (sniffed.kind !== 'image') throw damaged(path, { code: 'not-an-image' });
  try {
    const picture = await openForDisplay(bytes, sniffed.format);
    if ('code' in picture) throw damaged(path, picture);
    return await picture
      .timeout({ seconds: SECONDS })
      .resize({ width: ORIGINAL_SIDE, height: ORIGINAL_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png()
      .toBuffer();
  } catch (error) {
    throw error instanceof StudioError ? error : damaged(path, { code: 'cannot-decode' });
  }
}

/**
 * How a file becomes a tile, step by step, by the very function that does it; ends early where no ink is found. Large steps are
 * shrunk for the eye. Throws `data-damaged` like `renderOriginal`.
 */
export async function normalisationStepsOf(
  path: Buffer,
  recipe: NormalisationRecipe,
): Promise<StepPicture[]> {
  const opened = await openImage(readOrThrow(path), baseName(path).toString());
  if ('status' in opened) throw damaged(path, opened.reason);
  const steps: StepPicture[] = [];
  normalise(opened.decoded.picture, recipe, (name, picture) => {
    const { width, height, data } = preview(picture);
    steps.push({ name, width, height, pixels: data });
  });
  return steps;
}

function readOrThrow(path: Buffer): Buffer {
  const bytes = readRegularFile(path, MAX_FILE_BYTES);
  if (Buffer.isBuffer(bytes)) return bytes;
  throw damaged(path, bytes.reason);
}

const damaged = (path: Buffer, reason: Reason): StudioError =>
  new StudioError('data-damaged', { file: escapeName(baseName(path)), detail: reason.code });

/** A copy, small enough to look at. */
function preview(picture: GreyPicture): GreyPicture {
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(picture.width, picture.height));
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  if (scale === 1) return { ...picture, data: new Uint8Array(picture.data) };
  return resample(picture, whole(picture), side(picture.width), side(picture.height));
}
