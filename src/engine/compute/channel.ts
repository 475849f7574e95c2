import { breathe } from '../jobs/flow.ts';

/** One end of a child-process channel with structured clone: `process` in the child, the ChildProcess in the parent. */
export interface ChannelEnd {
  send?(message: unknown, done: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** An array of this size passes in about a millisecond. */
const PART_BYTES = 512 * 1024;

type ArrayType = 'Uint8Array' | 'Float32Array';
type LargeArray = Uint8Array | Float32Array;

/** Stands in a message for an array that went ahead in parts. */
interface ArrayReference {
  sentArray: number;
}

type Wire =
  | { wire: 'begin'; array: number; type: ArrayType; bytes: number }
  | { wire: 'part'; array: number; offset: number; part: Uint8Array }
  | { wire: 'message'; message: unknown };

/**
 * Typed messages over a child-process channel. Arrays too large for one turn of the event loop, at any depth of a message, go ahead
 * in parts, each sent when the one before has left. Messages arrive in the order they were posted in.
 */
export class Channel<Outgoing, Incoming> {
  readonly #end: ChannelEnd;
  #tail: Promise<void> = Promise.resolve();
  #nextArray = 1;
  readonly #arriving = new Map<number, { bytes: Uint8Array; type: ArrayType }>();

  constructor(end: ChannelEnd, receive: (message: Incoming) => void) {
    this.#end = end;
    end.on('message', (message) => {
      const whole = this.#receive(message as Wire);
      if (whole) receive(whole.message as Incoming);
    });
  }

  /** Resolves when the message has been handed over; rejects when the channel is closed. Arrays are not copied before they are sent. */
  post(message: Outgoing): Promise<void> {
    const sent = this.#tail.then(async () => {
      const arrays: { id: number; array: LargeArray }[] = [];
      const body = replaceLeaves(message, (leaf) => {
        if (!isLarge(leaf)) return leaf;
        const id = this.#nextArray++;
        arrays.push({ id, array: leaf });
        return { sentArray: id } satisfies ArrayReference;
      });
      for (const { id, array } of arrays) await this.#sendInParts(id, array);
      await this.#send({ wire: 'message', message: body });
    });
    this.#tail = sent.catch(() => undefined);
    return sent;
  }

  async #sendInParts(id: number, array: LargeArray): Promise<void> {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const type: ArrayType = array instanceof Float32Array ? 'Float32Array' : 'Uint8Array';
    await this.#send({ wire: 'begin', array: id, type, bytes: bytes.length });
    for (let offset = 0; offset < bytes.length; offset += PART_BYTES) {
      await this.#send({
        wire: 'part',
        array: id,
        offset,
        part: bytes.subarray(offset, offset + PART_BYTES),
      });
      await breathe();
    }
  }

  #send(wire: Wire): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#end.send) throw new Error('no channel');
      this.#end.send(wire, (error) => (error ? reject(error) : resolve()));
    });
  }

  #receive(wire: Wire): { message: unknown } | null {
    switch (wire.wire) {
      case 'begin':
        this.#arriving.set(wire.array, { bytes: new Uint8Array(wire.bytes), type: wire.type });
        return null;
      case 'part':
        this.#arriving.get(wire.array)!.bytes.set(wire.part, wire.offset);
        return null;
      case 'message':
        return { message: replaceLeaves(wire.message, (leaf) => this.#resolve(leaf)) };
    }
  }

  #resolve(leaf: unknown): unknown {
    if (!isReference(leaf)) return leaf;
    const { bytes, type } = this.#arriving.get(leaf.sentArray)!;
    this.#arriving.delete(leaf.sentArray);
    return type === 'Uint8Array' ? bytes : new Float32Array(bytes.buffer);
  }
}

const isReference = (value: unknown): value is ArrayReference =>
  typeof value === 'object' && value !== null && 'sentArray' in value;

const isLarge = (leaf: unknown): leaf is LargeArray =>
  (leaf instanceof Uint8Array || leaf instanceof Float32Array) && leaf.byteLength > PART_BYTES;

/** A copy of plain objects and arrays with every other value, and every reference, replaced. */
function replaceLeaves(value: unknown, replace: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceLeaves(item, replace));
  if (isPlain(value) && !isReference(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, replaceLeaves(item, replace)]),
    );
  }
  return replace(value);
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
