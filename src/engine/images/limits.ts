import type { Reason } from '../../shared/errors.ts';

/** Above this a picture is not decoded: 100 megapixels by its header. */
export const MAX_MEGAPIXELS = 100;
/** Above this a file is not read: a picture within the pixel limit is smaller in every format the studio reads. */
export const MAX_FILE_BYTES = 1024 ** 3;
/**
 * Longest side that decoding hands on. A digit fills a good part of its picture and ends up 20 pixels high, so nothing is lost,
 * and a page scan of 100 megapixels takes 4 MB instead of 400.
 */
export const MAX_DECODED_SIDE = 2048;

/** The refusal of a picture of this size, null when it may be decoded. */
export function sizeRefusal(width: number, height: number): Reason | null {
  if (width * height <= MAX_MEGAPIXELS * 1_000_000) return null;
  return { code: 'too-large', params: { width, height, limit: MAX_MEGAPIXELS } };
}
