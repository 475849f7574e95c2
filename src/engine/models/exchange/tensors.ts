import type { Connections } from '../../../shared/models/layers.ts';
import { elements } from '../../../shared/models/summary.ts';
import type { NamedTensor } from '../../compute/types.ts';

/** A tensor with its axes in another order: axis `at` of the result is axis `order[at]` of the source. */
export function transposed(
  { name, shape, values }: NamedTensor,
  order: readonly number[],
): NamedTensor & { values: Float32Array } {
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1)));
  const newShape = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const moved = new Float32Array(values.length);
  const place = newShape.map(() => 0);
  let from = 0;
  for (let to = 0; to < moved.length; to++) {
    moved[to] = values[from]!;
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++place[axis]! < newShape[axis]!) break;
      from -= steps[axis]! * newShape[axis]!;
      place[axis] = 0;
    }
  }
  return { name, shape: newShape, values: moved };
}

/** A kernel H x W x in x out with 0 where filters do not see a map. */
export function masked(kernel: NamedTensor, connections: Connections | undefined): NamedTensor {
  if (!connections) return kernel;
  const [maps, filters] = kernel.shape.slice(-2) as [number, number];
  const values = kernel.values.map((value, at) =>
    connections[at % filters]!.includes(Math.floor(at / filters) % maps) ? value : 0,
  );
  return { ...kernel, values };
}
