import { crc32 } from 'node:zlib';
import type { Reason } from '../../shared/errors.ts';
import { sizeRefusal } from './limits.ts';

export interface PngHeader {
  width: number;
  height: number;
  /** Bits per channel. */
  depth: number;
  interlaced: boolean;
  /** Pictures in an animation, 1 for a still one. */
  frames: number;
  /** It holds EXIF data, and with it perhaps an orientation. */
  hasExif: boolean;
}

const SIGNATURE_BYTES = 8;
/** Length, name and checksum around a chunk's data. */
const CHUNK_FRAME = 12;
const truncated: Reason = { code: 'truncated' };

/** Chunks whose first letter is a capital are critical: without them the picture cannot be shown. */
const isCritical = (name: string): boolean => /^[A-Z]/.test(name);

/**
 * Walks a PNG file's chunks up to IEND and checks the CRC of every critical one, as decoders differ in what they let pass.
 * Stops at the header of a picture that is too large. Bytes after IEND are no error.
 */
export function checkPng(bytes: Buffer): PngHeader | Reason {
  let header: PngHeader | null = null;
  for (let at = SIGNATURE_BYTES; ;) {
    if (at + CHUNK_FRAME > bytes.length) return truncated;
    const length = bytes.readUInt32BE(at);
    const name = bytes.toString('latin1', at + 4, at + 8);
    const end = at + CHUNK_FRAME + length;
    if (end > bytes.length) return truncated;
    if (isCritical(name) && crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4))
      return { code: 'bad-checksum', params: { chunk: /^[A-Za-z]{4}$/.test(name) ? name : '?' } };
    const data = bytes.subarray(at + 8, end - 4);
    if (!header) {
      if (name !== 'IHDR' || length !== 13) return { code: 'cannot-decode', params: { detail: 'no IHDR' } };
      header = readHeader(data);
      const refusal = headerTooLarge(header);
      if (refusal) return refusal;
    } else if (name === 'acTL' && length === 8) {
      header.frames = Math.max(1, data.readUInt32BE(0));
    } else if (name === 'eXIf') {
      header.hasExif = true;
    } else if (name === 'IEND') {
      return header;
    }
    at = end;
  }
}

const headerTooLarge = (header: PngHeader | null): Reason | null =>
  header && sizeRefusal(header.width, header.height);

const readHeader = (data: Buffer): PngHeader => ({
  width: data.readUInt32BE(0),
  height: data.readUInt32BE(4),
  depth: data[8]!,
  interlaced: data[12] !== 0,
  frames: 1,
  hasExif: false,
});
