import type { ClientLink } from '@orpc/client';
import { bridge, served } from './bridge.ts';
import { overPort, overSocket, type Link, type Transport } from './transport.ts';

export type ConnectionState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  /** `detail`: how the engine ended, as main heard it; may be empty. */
  | { kind: 'stopped'; detail: string };

/** A call whose answer can no longer come, because the engine went away. */
export class EngineGone extends Error {
  constructor(options?: ErrorOptions) {
    super('engine gone', options);
    this.name = 'EngineGone';
  }
}

const isStream = (answer: unknown): answer is AsyncIterator<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

/**
 * The line to the engine. Calls made while there is none wait for the next; calls that were under way when it broke are rejected with
 * `EngineGone`.
 */
class Connection implements ClientLink<Record<never, never>> {
  state = $state.raw<ConnectionState>({ kind: 'connecting' });
  #transport: Transport | null = null;
  /** The line once it stands; calls wait for it. */
  #line: Promise<Transport>;
  #stand!: (transport: Transport) => void;
  readonly #onopen = new Set<() => void>();

  constructor() {
    this.#line = this.#nextLine();
  }

  /** Connects, and stays informed of the engine from now on. */
  start(): void {
    if (!served) {
      window.addEventListener('message', ({ source, data, ports }: MessageEvent<unknown>) => {
        const port = ports[0];
        if (source === window && data === 'studio:port' && port !== undefined) this.#take(port);
      });
      bridge.onEngineState((engine) => {
        if (engine.state === 'stopped') this.#drop(engine.detail);
      });
    }
    this.connect();
  }

  /** Asks for a (new) line. */
  connect(): void {
    this.state = { kind: 'connecting' };
    if (!served) return bridge.connect();
    const transport: Transport = overSocket(
      () => this.#use(transport),
      (reason) => this.#lost(transport, reason),
    );
    this.#transport = transport;
  }

  /** Told each time that a line stands; call the answer to be told no more. */
  onOpen(listener: () => void): () => void {
    this.#onopen.add(listener);
    return () => this.#onopen.delete(listener);
  }

  async call(...[path, input, options]: Parameters<Link['call']>): Promise<unknown> {
    const transport = await this.#line;
    const answer = await this.#over(transport, transport.link.call(path, input, options));
    return isStream(answer) ? this.#stream(transport, answer) : answer;
  }

  /** What goes wrong on a line that is lost went wrong because of that. */
  async #over<T>(transport: Transport, answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw transport === this.#transport ? error : new EngineGone({ cause: error });
    }
  }

  #stream(transport: Transport, answers: AsyncIterator<unknown>): AsyncIterableIterator<unknown> {
    const stream: AsyncIterableIterator<unknown> = {
      next: () => this.#over(transport, answers.next()),
      return: () => this.#over(transport, Promise.resolve(answers.return?.() ?? { done: true, value: null })),
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }

  #take(port: MessagePort): void {
    const old = this.#transport;
    const transport: Transport = overPort(port, () => this.#lost(transport, ''));
    this.#transport = transport;
    old?.close();
    this.#use(transport);
  }

  #use(transport: Transport): void {
    if (transport !== this.#transport) return;
    this.#stand(transport);
    this.state = { kind: 'open' };
    for (const listener of this.#onopen) listener();
  }

  #lost(transport: Transport, detail: string): void {
    if (transport === this.#transport) this.#drop(detail);
  }

  #drop(detail: string): void {
    const transport = this.#transport;
    this.#transport = null;
    // A line that never stood leaves its callers waiting for the next.
    if (this.state.kind === 'open') this.#line = this.#nextLine();
    transport?.close();
    // What main knows of the end says more than that the port closed.
    if (this.state.kind !== 'stopped' || detail !== '') this.state = { kind: 'stopped', detail };
  }

  #nextLine(): Promise<Transport> {
    return new Promise((resolve) => (this.#stand = resolve));
  }
}

export const connection = new Connection();
