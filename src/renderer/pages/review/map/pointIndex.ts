/** Side of a cell, in pixels. */
const CELL = 16;

/** Finds the point under the pointer: points by cells of the plane, one list of them cut into pieces. */
export class PointIndex {
  readonly #pixels: Float32Array;
  readonly #columns: number;
  readonly #rows: number;
  /** Where the points of a cell begin in `#points`. */
  readonly #starts: Uint32Array;
  readonly #points: Uint32Array;

  /** N x 2 pixels within `width` x `height`; those of `takes` alone. */
  constructor(pixels: Float32Array, width: number, height: number, takes: (at: number) => boolean) {
    this.#pixels = pixels;
    this.#columns = Math.max(1, Math.ceil(width / CELL));
    this.#rows = Math.max(1, Math.ceil(height / CELL));
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    const count = pixels.length / 2;
    for (let at = 0; at < count; at++) if (takes(at)) this.#starts[this.#cellOf(at) + 1]!++;
    for (let cell = 1; cell < this.#starts.length; cell++) this.#starts[cell]! += this.#starts[cell - 1]!;
    this.#points = new Uint32Array(this.#starts.at(-1)!);
    const filled = this.#starts.slice();
    for (let at = 0; at < count; at++) if (takes(at)) this.#points[filled[this.#cellOf(at)]!++] = at;
  }

  /** The point nearest to a place, at most `within` pixels away; of two in one place the one drawn last; `without` does not count. */
  nearest(x: number, y: number, within: number, without = -1): number | null {
    let [best, least]: [number | null, number] = [null, within * within];
    for (let row = this.#row(y - within); row <= this.#row(y + within); row++)
      for (let column = this.#column(x - within); column <= this.#column(x + within); column++) {
        const cell = row * this.#columns + column;
        for (let place = this.#starts[cell]!; place < this.#starts[cell + 1]!; place++) {
          const at = this.#points[place]!;
          const square = (this.#pixels[2 * at]! - x) ** 2 + (this.#pixels[2 * at + 1]! - y) ** 2;
          if (square <= least && at !== without) [best, least] = [at, square];
        }
      }
    return best;
  }

  #cellOf(at: number): number {
    return this.#row(this.#pixels[2 * at + 1]!) * this.#columns + this.#column(this.#pixels[2 * at]!);
  }
  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / CELL)));
  }
  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor(y / CELL)));
  }
}
