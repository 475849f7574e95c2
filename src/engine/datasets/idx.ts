import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { StudioError } from '../../shared/errors.ts';
import { errorCode } from '../files/reasons.ts';

export interface Idx {
  /** Records first, then the sides of one record. */
  shape: number[];
  /** Bytes of all records, row by row. */
  values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;
/** What a packed file may grow to, in bytes: 32,000 records of 256 x 256. */
const MOST_UNPACKED = 2 ** 31 - 1;
const gunzip = promisify(zlib.gunzip);

/**
 * Reads an IDX file of unsigned bytes, plain or packed with gzip: two zero bytes, the element type, the number of dimensions, their
 * sizes as big-endian 32-bit integers, then the values (yann.lecun.com/exdb/mnist). Throws `data-damaged`.
 */
export async function readIdx(file: string | Buffer): Promise<Idx> {
  const bytes = await unpacked(file);
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0) throw damaged(file, 'magic number');
  if (bytes[2] !== UNSIGNED_BYTE) throw damaged(file, `element type 0x${bytes[2]!.toString(16)}`);
  const dimensions = bytes[3]!;
  const header = 4 + 4 * dimensions;
  if (dimensions < 1 || bytes.length < header) throw damaged(file, 'header');
  const shape = Array.from({ length: dimensions }, (_, index) => bytes.readUInt32BE(4 + 4 * index));
  const expected = header + shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== expected) throw damaged(file, `${bytes.length} bytes, expected ${expected}`);
  return { shape, values: bytes.subarray(header) };
}

/** Whether a file's first bytes are those of gzip. */
const isPacked = (bytes: Buffer): boolean => bytes.length >= 2 && bytes.readUInt16BE(0) === 0x1f8b;

async function unpacked(file: string | Buffer): Promise<Buffer> {
  try {
    const bytes = await fs.readFile(file);
    return isPacked(bytes) ? await gunzip(bytes, { maxOutputLength: MOST_UNPACKED }) : bytes;
  } catch (error) {
    const { message } = error as Error;
    throw damaged(file, error instanceof RangeError || isZlib(error) ? `gzip: ${message}` : errorCode(error));
  }
}

const isZlib = (error: unknown): boolean => errorCode(error).startsWith('Z_');

/** Whether a file begins as an IDX file of bytes, or as a packed file. */
export async function mayBeIdx(file: Buffer): Promise<boolean> {
  const handle = await fs.open(file).catch(() => null);
  if (!handle) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4) return false;
    return isPacked(buffer) || (buffer.readUInt16BE(0) === 0 && buffer[2] === UNSIGNED_BYTE);
  } finally {
    await handle.close();
  }
}

export const damaged = (file: string | Buffer, detail: string): StudioError =>
  new StudioError('data-damaged', { file: path.basename(file.toString()), detail });
