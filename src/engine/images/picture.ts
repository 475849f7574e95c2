/** A grey picture: height x width x 1, uint8, rows from the top. */
export interface GreyPicture {
  width: number;
  height: number;
  data: Uint8Array;
}

/** A memory block that grows and is used again: for steps of a synchronous pipeline, one owner each. */
export class Scratch<Block extends Uint8Array | Float32Array | Float64Array | Int32Array> {
  readonly #make: (length: number) => Block;
  #block: Block;

  constructor(make: (length: number) => Block) {
    this.#make = make;
    this.#block = make(0);
  }

  /** `length` elements with whatever they held before. */
  take(length: number): Block {
    if (this.#block.length < length) this.#block = this.#make(length);
    return this.#block.subarray(0, length) as Block;
  }
}
