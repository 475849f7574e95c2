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
  cellQuantiles(
    pixels: number,
    width: number,
    height: number,
    cell: number,
    share: number,
    target: number,
  ): void;
  findRuns(pixels: number, width: number, height: number, floor: number, runs: number): number;
  histogram(pixels: number, count: number, target: number): void;
  inkIsLight(
    pixels: number,
    pictureWidth: number,
    pictureHeight: number,
    width: number,
    height: number,
    sample: number,
    sums: number,
  ): number;
  keepRuns(
    pixels: number,
    width: number,
    height: number,
    runs: number,
    count: number,
    kept: number,
    mask: number,
  ): void;
  labelRuns(pixels: number, width: number, runs: number, count: number, components: number): number;
  lookUp(pixels: number, count: number, table: number): void;
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

let memory = new Uint8Array(kernels.memory.buffer);

/** Addresses of blocks with so many bytes each; whatever was in memory before is given up. Throws a RangeError where there is no memory left. */
export function layOut<Lengths extends number[]>(...lengths: Lengths): { [Block in keyof Lengths]: number } {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end;
    end += Math.ceil((length + SPARE) / SPARE) * SPARE;
    return start;
  }) as { [Block in keyof Lengths]: number };
  if (end > memory.length) {
    kernels.memory.grow(Math.ceil((end - memory.length) / PAGE));
    memory = new Uint8Array(kernels.memory.buffer);
  }
  return starts;
}

/** Copies bytes into a block. */
export const put = (at: number, bytes: Uint8Array): void => memory.set(bytes, at);

/** A copy of what is in a block. */
export const get = (at: number, length: number): Uint8Array => memory.slice(at, at + length);

/** The same memory. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
