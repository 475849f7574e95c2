import { COMPILED } from './compiled.ts';

/** What assembly/ exports; addresses are bytes in `memory`. */
interface Kernels {
  memory: WebAssembly.Memory;
  againstBackground(
    pixels: number,
    width: number,
    height: number,
    levels: number,
    columns: number,
    rows: number,
    cell: number,
    wide: number,
    target: number,
  ): void;
  luma(source: number, count: number, channels: number, target: number): void;
  resample(
    source: number,
    stride: number,
    width: number,
    flip: number,
    down: number,
    downWeights: number,
    downCount: number,
    across: number,
    acrossWeights: number,
    acrossCount: number,
    outWidth: number,
    outHeight: number,
    between: number,
    target: number,
  ): void;
}

const PAGE = 65_536;
/** Room after each block, for kernels that read or write whole vectors. */
const SPARE = 64;

/**
 * Loops over pixels, four or sixteen at a time: compiled by `npm run kernels` from assembly/. What they work on is laid out in their memory anew for each call.
 */
export const kernels = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(COMPILED, 'base64')))
  .exports as unknown as Kernels;

/** Addresses of blocks with so many bytes each; whatever was in memory before is given up. Throws a RangeError where there is no memory left. */
export function layOut(...lengths: number[]): number[] {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end;
    end += Math.ceil((length + SPARE) / SPARE) * SPARE;
    return start;
  });
  const missing = end - kernels.memory.buffer.byteLength;
  if (missing > 0) kernels.memory.grow(Math.ceil(missing / PAGE));
  return starts;
}

/** Copies values into a block. */
export function put(at: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
  new Uint8Array(kernels.memory.buffer, at).set(new Uint8Array(buffer, byteOffset, byteLength));
}

/** A copy of what is in a block. */
export const get = (at: number, length: number): Uint8Array =>
  new Uint8Array(kernels.memory.buffer.slice(at, at + length));
