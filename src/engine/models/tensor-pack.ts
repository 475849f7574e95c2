import { z } from 'zod';
import type { NamedTensor } from '../compute/types.ts';
import { elements } from '../../shared/models/summary.ts';

export const tensorIndex = z.array(
  z.object({
    name: z.string(),
    shape: z.array(z.int().min(1)).max(8),
    /** Bytes from the start of the pack. */
    offset: z.int().min(0),
  }),
);
export type TensorIndex = z.infer<typeof tensorIndex>;

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Tensors one after another as float32, little endian: the byte order of every platform that TensorFlow runs on. */
export function packTensors(tensors: readonly NamedTensor[]): { index: TensorIndex; bytes: Uint8Array } {
  const bytes = new Uint8Array(tensors.reduce((sum, { values }) => sum + values.byteLength, 0));
  let offset = 0;
  const index = tensors.map(({ name, shape, values }) => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    const entry = { name, shape, offset };
    offset += values.byteLength;
    return entry;
  });
  return { index, bytes };
}

export const packedBytes = (index: TensorIndex): number =>
  index.reduce((end, { shape, offset }) => Math.max(end, offset + elements(shape) * BYTES), 0);

/** Throws RangeError when a tensor reaches beyond the pack. */
export function unpackTensors(index: TensorIndex, bytes: Uint8Array): NamedTensor[] {
  return index.map(({ name, shape, offset }) => {
    const end = offset + elements(shape) * BYTES;
    if (end > bytes.length) throw new RangeError(`${name} ends at ${end} of ${bytes.length} bytes`);
    const values = new Float32Array(elements(shape));
    new Uint8Array(values.buffer).set(bytes.subarray(offset, end));
    return { name, shape, values };
  });
}
