import fs from 'node:fs';
import { createRequire } from 'node:module';
import type { Channels } from './luma.ts';

export interface JpegHeader {
  width: number;
  height: number;
}

/** Markers that stand alone, without a length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
/** Baseline, extended and progressive Huffman coding. */
const FRAMES = [0xc0, 0xc1, 0xc2];
const FRAME_BYTES = 6;
const START_OF_SCAN = 0xda;
/** APP1 holds EXIF data, and with it perhaps an orientation; APP14 says when colours are not what JFIF says. */
const TELLING = [0xe1, 0xee];

/**
 * The size of a JPEG picture that is plain: 8 bits, grey or YCbCr, nothing said of its orientation or its colours. Null for every other, and for one whose
 * header is damaged.
 */
export function plainJpeg(bytes: Buffer): JpegHeader | null {
  let header: JpegHeader | null = null;
  for (let at = 2; at + 4 <= bytes.length;) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (isBare(marker) || TELLING.includes(marker)) return null;
    if (marker === START_OF_SCAN) return header;
    const data = bytes.subarray(at + 4, at + 2 + bytes.readUInt16BE(at + 2));
    if (FRAMES.includes(marker)) {
      if (data.length < FRAME_BYTES || data[0] !== 8 || (data[5] !== 1 && data[5] !== 3)) return null;
      header = { height: data.readUInt16BE(1), width: data.readUInt16BE(3) };
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** As the package has it; it comes without types. */
interface TurboDecoder {
  getEncodedBuffer(bytes: number): Uint8Array;
  /** Throws a number where libjpeg only warns. */
  decode(): void;
  getDecodedBuffer(): Uint8ClampedArray;
  getFrameInfo(): { width: number; height: number; componentCount: number };
}
type TurboModule = (options: { wasmBinary: Buffer }) => Promise<{ JPEGDecoder: new () => TurboDecoder }>;

const require = createRequire(import.meta.url);
const TURBO = '@cornerstonejs/codec-libjpeg-turbo-8bit';
let decoder: Promise<TurboDecoder> | null = null;

async function startDecoder(): Promise<TurboDecoder> {
  const create = require(`${TURBO}/decodewasmjs`) as TurboModule;
  const { JPEGDecoder } = await create({
    wasmBinary: fs.readFileSync(require.resolve(`${TURBO}/decodewasm`)),
  });
  return new JPEGDecoder();
}

/**
 * The pixels of a plain JPEG, height x width x channels, by libjpeg-turbo: bit for bit those of sharp, whose cost per file is several times as much.
 * Null when it has anything to complain of; why, sharp says better. Valid until the next call.
 */
export async function jpegPixels(bytes: Buffer): Promise<{ pixels: Uint8Array; channels: Channels } | null> {
  try {
    decoder ??= startDecoder();
    const turbo = await decoder;
    turbo.getEncodedBuffer(bytes.length).set(bytes);
    turbo.decode();
    const { buffer, byteOffset, length } = turbo.getDecodedBuffer();
    const pixels = new Uint8Array(buffer, byteOffset, length);
    return { pixels, channels: turbo.getFrameInfo().componentCount as Channels };
  } catch {
    // What it had allocated when it threw is lost to it.
    decoder = null;
    return null;
  }
}
