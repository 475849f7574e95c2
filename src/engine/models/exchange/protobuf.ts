/**
 * Protocol Buffers' wire format, as far as an ONNX file needs it: varints, 32-bit floats and fields with a length. See docs/decisions/0014.
 */
export class ProtobufWriter {
  readonly #parts: Uint8Array[] = [];

  /** int32, int64, bool, enum. Negative numbers take ten bytes, as two's complement of 64 bits. */
  integer(field: number, value: number | bigint): this {
    return this.#key(field, 0).#varint(BigInt.asUintN(64, BigInt(value)));
  }

  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    this.#key(field, 5).#parts.push(bytes);
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#key(field, 2).#varint(BigInt(value.length)).#parts.push(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufWriter): this {
    return this.bytes(field, value.finish());
  }

  /** One field each: what readers of packed lists take too. */
  integers(field: number, values: readonly (number | bigint)[]): this {
    for (const value of values) this.integer(field, value);
    return this;
  }

  finish(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.#parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  #key(field: number, wireType: 0 | 2 | 5): this {
    return this.#varint(BigInt((field << 3) | wireType));
  }

  #varint(value: bigint): this {
    const bytes: number[] = [];
    let rest = value;
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest === 0n ? low : low | 0x80);
    } while (rest !== 0n);
    this.#parts.push(Uint8Array.from(bytes));
    return this;
  }
}
