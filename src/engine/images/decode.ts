import { Transformer } from '@napi-rs/image';
import sharp, { type Metadata, type Sharp } from 'sharp';
import type { Reason } from '../../shared/errors.ts';
import { bmpSize } from './bmp.ts';
import { jpegPixels, plainJpeg } from './jpeg.ts';
import { MAX_DECODED_SIDE, sizeRefusal } from './limits.ts';
import { lumaOf, type Channels } from './luma.ts';
import type { GreyPicture } from './picture.ts';
import { checkPng, type PngHeader } from './png.ts';
import type { ImageFormat } from './sniff.ts';

export interface Decoded {
  picture: GreyPicture;
  /** Of the original after EXIF orientation, in pixels; the picture is smaller when the original was very large. */
  width: number;
  height: number;
  /** Pictures in the file (frames, pages); the first was decoded. */
  frames: number;
}

/** What a reader process needs once: no memory kept between files, one thread per process. */
export function setUpSharp(): void {
  sharp.cache(false);
  sharp.concurrency(1);
}

/**
 * The first picture of a file as grey, at most MAX_DECODED_SIDE on its long side. BMP and plain PNG go through
 * @napi-rs/image, plain JPEG through libjpeg-turbo: what they cost per file is a small part of what sharp does, through which all else goes. All give
 * the same pixels.
 */
export async function decode(bytes: Buffer, format: ImageFormat): Promise<Decoded | Reason> {
  try {
    if (format === 'bmp') return await decodeBmp(bytes);
    if (format === 'png') return await decodePng(bytes);
    const jpeg = format === 'jpeg' ? await decodePlainJpeg(bytes) : null;
    if (jpeg) return jpeg;
    // libvips takes a small first frame's size for that of the screen.
    const screen =
      format === 'gif' && bytes.length >= 10 ? [bytes.readUInt16LE(6), bytes.readUInt16LE(8)] : [];
    const refusal = sizeRefusal(screen[0] ?? 0, screen[1] ?? 0);
    if (refusal) return refusal;
    if (format === 'webp' && bytes.length >= 8 && bytes.readUInt32LE(4) + 8 > bytes.length)
      return { code: 'truncated' };
    return await decodeBySharp(bytes);
  } catch (error) {
    return decodeFailure(error);
  }
}

async function decodeBmp(bytes: Buffer): Promise<Decoded | Reason> {
  const size = bmpSize(bytes);
  if (!size) return { code: 'truncated' };
  const refusal = sizeRefusal(size.width, size.height);
  if (refusal) return refusal;
  const { pixels, channels } = plainPixels(bytes, size.width, size.height);
  const picture = { ...size, data: lumaOf(pixels, channels) };
  return { picture: await shrunk(picture), ...size, frames: 1 };
}

/**
 * The first picture of a file for the eye: upright, in colour, to be given a size and a format. Throws what the decoders
 * throw when the file is damaged.
 */
export async function openForDisplay(bytes: Buffer, format: ImageFormat): Promise<Sharp | Reason> {
  const size = format === 'bmp' ? bmpSize(bytes) : await sharp(bytes, { limitInputPixels: false }).metadata();
  if (!size) return { code: 'truncated' };
  const { width, height } = size;
  const refusal = sizeRefusal(width, height);
  if (refusal) return refusal;
  if (format !== 'bmp') return sharp(bytes, { failOn: 'none' }).autoOrient();
  const { pixels, channels } = plainPixels(bytes, width, height);
  return sharp(pixels, { raw: { width, height, channels } });
}

async function decodePng(bytes: Buffer): Promise<Decoded | Reason> {
  const header = checkPng(bytes);
  if ('code' in header) return header;
  const { width, height, frames } = header;
  if (isPlain(header)) {
    const { pixels, channels } = plainPixels(bytes, width, height);
    return { picture: { width, height, data: lumaOf(pixels, channels) }, width, height, frames };
  }
  return { ...(await decodePixels(bytes, null)), frames };
}

/** Null for what sharp is to look at. */
async function decodePlainJpeg(bytes: Buffer): Promise<Decoded | Reason | null> {
  const size = plainJpeg(bytes);
  if (!size) return null;
  const refusal = sizeRefusal(size.width, size.height);
  if (refusal) return refusal;
  if (Math.max(size.width, size.height) > MAX_DECODED_SIDE) return null;
  const found = await jpegPixels(bytes);
  if (!found) return null;
  // Grey would share the decoder's memory.
  const data = lumaOf(found.channels === 1 ? found.pixels.slice() : found.pixels, found.channels);
  return { picture: { ...size, data }, ...size, frames: 1 };
}

/** Measured: for these the two decoders agree in every pixel. */
const isPlain = ({ depth, interlaced, hasExif, width, height }: PngHeader): boolean =>
  depth <= 8 && !interlaced && !hasExif && Math.max(width, height) <= MAX_DECODED_SIDE;

function plainPixels(bytes: Buffer, width: number, height: number): { pixels: Buffer; channels: Channels } {
  const pixels = new Transformer(bytes).rawPixelsSync();
  const channels = pixels.length / (width * height);
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4)
    throw new Error('unexpected pixel layout');
  return { pixels, channels };
}

async function shrunk(picture: GreyPicture): Promise<GreyPicture> {
  const { width, height, data } = picture;
  if (Math.max(width, height) <= MAX_DECODED_SIDE) return picture;
  return toGrey(
    await rawPixels(sharp(data, { raw: { width, height, channels: 1 }, limitInputPixels: false })),
  );
}

async function decodeBySharp(bytes: Buffer): Promise<Decoded | Reason> {
  const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
  const refusal = sizeRefusal(metadata.width, metadata.height);
  if (refusal) return refusal;
  return { ...(await decodePixels(bytes, metadata)), frames: metadata.pages ?? 1 };
}

async function decodePixels(bytes: Buffer, known: Metadata | null): Promise<Omit<Decoded, 'frames'>> {
  const { autoOrient, space } = known ?? (await sharp(bytes).metadata());
  // A colour profile moves tones a little and costs more than the decoding; only CMYK needs it to become RGB.
  const input = sharp(bytes, { failOn: 'warning', ignoreIcc: space !== 'cmyk' }).autoOrient();
  return { picture: toGrey(await rawPixels(input)), width: autoOrient.width, height: autoOrient.height };
}

interface RawPixels {
  data: Buffer;
  info: { width: number; height: number; channels: Channels };
}

const rawPixels = (input: Sharp): Promise<RawPixels> =>
  input
    .resize({
      width: MAX_DECODED_SIDE,
      height: MAX_DECODED_SIDE,
      fit: 'inside',
      withoutEnlargement: true,
      // No overshoot at edges, which would be taken for ink.
      kernel: 'linear',
    })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });

const toGrey = ({ data, info }: RawPixels): GreyPicture => ({
  width: info.width,
  height: info.height,
  data: lumaOf(data, info.channels),
});

const CUT_SHORT =
  /premature end|unexpected end|not (have )?enough data|fill whole buffer|truncated|end of (file|stream|input)|got \d+ bytes, expected/i;

/** What a decoder's error means. They read from memory, so their messages name no path; they may be long. */
export function decodeFailure(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  if (CUT_SHORT.test(message)) return { code: 'truncated' };
  const lines = message
    .split('\n')
    .map((line) => line.replace(/^(Decode image failed|Input buffer (is|has)) /, '').trim());
  const detail = lines.find((line) => line !== '') ?? 'unknown';
  return { code: 'cannot-decode', params: { detail: detail.slice(0, 120) } };
}
