type Frame = string | Uint8Array;

/** One client's end of the channel to the parent process, shaped like the message port that the RPC handler serves. */
export class ClientChannel {
  readonly #send: (frame: Frame) => void;
  readonly #listeners = {
    message: [] as ((event?: { data: unknown }) => void)[],
    close: [] as (() => void)[],
  };

  constructor(send: (frame: Frame) => void) {
    this.#send = send;
  }

  on(event: string, listener: (event?: { data: unknown }) => void): void {
    if (event === 'message' || event === 'close') this.#listeners[event].push(listener);
  }

  postMessage(data: unknown): void {
    this.#send(data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Frame));
  }

  /** A frame from the client. */
  receive(data: Frame): void {
    for (const listener of this.#listeners.message) listener({ data });
  }

  /** The client is gone: its calls are aborted. */
  close(): void {
    for (const listener of this.#listeners.close) listener();
  }
}
