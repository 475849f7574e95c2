import { get, kernels, layOut, put } from './kernels.ts';
import type { GreyPicture } from './picture.ts';

/** Connected ink: its mass is the sum of its pixels' values, its peak the greatest of them. */
export interface Component {
  left: number;
  top: number;
  right: number;
  bottom: number;
  mass: number;
  peak: number;
}

/** Words of a run and of a component in the kernels' memory. */
const RUN = 3;
const COMPONENT = 6;
const WORD = 4;
/** Around the rows of the kernel's mask. */
const MARGIN = 16;

/** The components of a picture, until the kernels are used for something else. */
export class Labelled {
  readonly components: readonly Component[];
  readonly #picture: GreyPicture;
  readonly #places: { pixels: number; runs: number; kept: number; mask: number };
  readonly #count: number;

  /** Labels the pixels of at least `floor` that touch each other, corners included, from 1 in the order of their first pixels. */
  constructor(picture: GreyPicture, floor: number) {
    const { width, height, data } = picture;
    const [across, down] = [Math.ceil(width / 2), Math.ceil(height / 2)];
    const [pixels, runs, components, kept, mask] = layOut(
      data.length,
      height * across * RUN * WORD,
      down * across * COMPONENT * WORD,
      down * across + 1,
      (height + 2) * (width + 2 * MARGIN),
    );
    put(pixels, data);
    this.#picture = picture;
    this.#places = { pixels, runs, kept, mask };
    this.#count = kernels.findRuns(pixels, width, height, floor, runs);
    const count = kernels.labelRuns(pixels, width, runs, this.#count, components);
    const words = new Uint32Array(kernels.memory.buffer, components, count * COMPONENT);
    this.components = Array.from({ length: count }, (_, index) => {
      const [left, top, right, bottom, mass, peak] = words.subarray(index * COMPONENT);
      return { left: left!, top: top!, right: right!, bottom: bottom!, mass: mass!, peak: peak! };
    });
  }

  /** Runs of pixels in a row: index of the first, of the one after the last, and their component's label. */
  *runs(): Generator<{ start: number; end: number; label: number }> {
    const words = new Uint32Array(kernels.memory.buffer, this.#places.runs, this.#count * RUN);
    for (let at = 0; at < words.length; at += RUN)
      yield { start: words[at]!, end: words[at + 1]!, label: words[at + 2]! };
  }

  /** Empties the picture but for components whose label is marked, and what lies above, below, left or right of them. */
  keep(marked: Uint8Array): void {
    const { width, height, data } = this.#picture;
    const { pixels, runs, kept, mask } = this.#places;
    put(kept, marked);
    kernels.keepRuns(pixels, width, height, runs, this.#count, kept, mask);
    data.set(get(pixels, data.length));
  }
}
