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
    const component: Component = { left: width, top: height, right: 0, bottom: 0, mass: 0, peak: 0 };
    const label = components.push(component);
    let depth = 0;
    stack[depth++] = start;
    labels[start] = label;
    while (depth > 0) {
      const at = stack[--depth]!;
      const y = Math.floor(at / width);
      const x = at - y * width;
      component.mass += data[at]!;
      if (data[at]! > component.peak) component.peak = data[at]!;
      if (x < component.left) component.left = x;
      if (x > component.right) component.right = x;
      if (y < component.top) component.top = y;
      if (y > component.bottom) component.bottom = y;
      const lastX = x + 1 < width ? x + 1 : x;
      const lastY = y + 1 < height ? y + 1 : y;
      for (let ny = y > 0 ? y - 1 : y; ny <= lastY; ny++)
        for (let nx = x > 0 ? x - 1 : x; nx <= lastX; nx++) {
          const next = ny * width + nx;
          if (labels[next] !== 0 || data[next]! < floor) continue;
          labels[next] = label;
          stack[depth++] = next;
        }
    }
  }
  return { labels, components };
}
