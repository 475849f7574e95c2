import type { NormalisationRecipe } from '../../shared/domain.ts';
import { baseName } from '../files/names.ts';
import { readRegularFile } from '../files/read-file.ts';
import { decodeFailure, openForDisplay } from './decode.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { failed, formatOf, openImage } from './read-image.ts';
import { locate } from './recipe.ts';
import { stepsOf } from './steps.ts';
import type { BoxOutcome, OriginalOutcome, StepsOutcome } from './types.ts';

/** Longest side of the original for the eye. */
const ORIGINAL_SIDE = 1600;
/** What a division may leave, in pixels, is not a pixel more. */
const ROUNDING = 1e-6;

/** The file's picture for `PictureViewer.original`; never throws because of the file. */
export async function renderOriginal(path: Buffer, follow?: boolean): Promise<OriginalOutcome> {
  const bytes = readRegularFile(path, MAX_FILE_BYTES, follow);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const format = formatOf(bytes, baseName(path).toString());
  if (typeof format !== 'string') return format;
  try {
    const picture = await openForDisplay(bytes, format);
    if ('code' in picture) return failed(picture);
    const png = await picture
      .resize({ width: ORIGINAL_SIDE, height: ORIGINAL_SIDE, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .png()
      .toBuffer();
    return { status: 'done', png };
  } catch (error) {
    return failed(decodeFailure(error));
  }
}

/**
 * How a file becomes a tile, step by step, by the very function that does it; ends early where no ink is found. Large steps are
 * shrunk for the eye. Never throws because of the file.
 */
export async function normalisationStepsOf(
  path: Buffer,
  recipe: NormalisationRecipe,
  follow?: boolean,
): Promise<StepsOutcome> {
  const opened = await openFile(path, follow);
  if ('status' in opened) return opened;
  return { status: 'done', steps: stepsOf(opened.decoded.picture, recipe) };
}

/**
 * Where the digit lies in a file's picture, upright and as large as it is in the file, by the function that normalises it; null where no
 * ink is found. Never throws because of the file.
 */
export async function digitBoxOf(
  path: Buffer,
  recipe: NormalisationRecipe,
  follow?: boolean,
): Promise<BoxOutcome> {
  const opened = await openFile(path, follow);
  if ('status' in opened) return opened;
  const { picture, width, height } = opened.decoded;
  const found = locate(picture, recipe);
  if (!found) return { status: 'done', box: null };
  const [left, right] = outwards(found.left, found.width, width / picture.width, width);
  const [top, bottom] = outwards(found.top, found.height, height / picture.height, height);
  return {
    status: 'done',
    box: { left, top, width: right - left, height: bottom - top, picture: { width, height } },
  };
}

/** Both ends of a part in whole pixels of a side that is `scale` times as long. */
const outwards = (start: number, length: number, scale: number, side: number): [number, number] => [
  Math.max(0, Math.floor(start * scale + ROUNDING)),
  Math.min(side, Math.ceil((start + length) * scale - ROUNDING)),
];

async function openFile(path: Buffer, follow?: boolean): ReturnType<typeof openImage> {
  const bytes = readRegularFile(path, MAX_FILE_BYTES, follow);
  return Buffer.isBuffer(bytes) ? openImage(bytes, baseName(path).toString()) : bytes;
}
