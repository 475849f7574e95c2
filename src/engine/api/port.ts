type Frame = string | Uint8Array;

/** One client's end of the channel to the parent process, shaped like a message port. */
export class ClientChannel extends EventTarget {
  readonly #send: (frame: Frame) => void;

  constructor(send: (frame: Frame) => void) {
    super();
    this.#send = send;
  }

  postMessage(data: unknown): void {
    this.#send(data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Frame));
  }

  /** A frame from the client. */
  receive(data: Frame): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** The client is gone: its calls are aborted. */
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
}
