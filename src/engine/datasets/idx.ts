import fs from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';

export interface Idx {
  /** Records first, then the sides of one record. */
  shape: number[];
  /** Bytes of all records, row by row. */
  values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the element type, the number of dimensions, their sizes as
 * big-endian 32-bit integers, then the values (yann.lecun.com/exdb/mnist). Throws `data-damaged`.
 */
export async function readIdx(file: string): Promise<Idx> {
  const bytes = await fs.readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw damaged(file, error.code ?? error.message);
  });
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

const damaged = (file: string, detail: string): StudioError =>
  new StudioError('data-damaged', { file: path.basename(file), detail });
