import { Scratch, type GreyPicture } from './picture.ts';

/** Connected ink: its mass is the sum of its pixels' values, its peak the greatest of them. */
export interface Component {
  left: number;
  top: number;
  right: number;
  bottom: number;
  mass: number;
  peak: number;
}

export interface Labelled {
  /** Per pixel the component's number, from 1; 0 is none. Valid until the next call. */
  labels: Int32Array;
  components: Component[];
}

const labelMemory = new Scratch((length) => new Int32Array(length));
const stackMemory = new Scratch((length) => new Int32Array(length));

/** Labels the pixels of at least `floor` that touch each other, corners included. */
export function labelComponents({ width, height, data }: GreyPicture, floor: number): Labelled {
  const labels = labelMemory.take(data.length);
  labels.fill(0);
  const stack = stackMemory.take(data.length);
  const components: Component[] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start]! < floor || labels[start] !== 0) continue;
    const label = components.length + 1;
    let [left, top, right, bottom, mass, peak] = [width, height, 0, 0, 0, 0];
    let depth = 0;
    stack[depth++] = start;
    labels[start] = label;
    while (depth > 0) {
      const at = stack[--depth]!;
      const y = (at / width) | 0;
      const x = at - y * width;
      const value = data[at]!;
      mass += value;
      if (value > peak) peak = value;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      const from = x > 0 ? -1 : 0;
      const to = x + 1 < width ? 1 : 0;
      const last = y + 1 < height ? at + width : at;
      for (let middle = y > 0 ? at - width : at; middle <= last; middle += width)
        for (let next = middle + from; next <= middle + to; next++)
          if (labels[next] === 0 && data[next]! >= floor) {
            labels[next] = label;
            stack[depth++] = next;
          }
    }
    components.push({ left, top, right, bottom, mass, peak });
  }
  return { labels, components };
}
