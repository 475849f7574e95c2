import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import { PORT } from '../shared/ipc.ts';
import type { Engine } from './engine.ts';

interface Client {
  port: MessagePortMain;
  page: WebContents;
}

/** Carries frames between pages and the engine without understanding them. One client is one port. */
export class Relay {
  readonly #engine: Engine;
  readonly #clients = new Map<number, Client>();
  #next = 1;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.on('message', (message) => {
      if (message.kind === 'frame') this.#clients.get(message.client)?.port.postMessage(exact(message.data));
    });
    engine.on('state', ({ state }) => {
      if (state === 'stopped') for (const client of this.#clients.keys()) this.#close(client);
    });
  }

  /** Gives the page a port to the engine, in the place of the one it had. */
  connect(page: WebContents): void {
    for (const [client, known] of this.#clients) if (known.page === page) this.#close(client);
    if (this.#engine.state.state === 'stopped') return;
    const client = this.#next++;
    const { port1: port, port2 } = new MessageChannelMain();
    this.#clients.set(client, { port, page });
    this.#engine.send({ kind: 'open-client', client });
    port.on('message', ({ data }) => {
      const frame: unknown = data instanceof ArrayBuffer ? new Uint8Array(data) : data;
      if (typeof frame === 'string' || frame instanceof Uint8Array)
        this.#engine.send({ kind: 'frame', client, data: frame });
    });
    port.on('close', () => this.#close(client));
    port.start();
    page.postMessage(PORT, null, [port2]);
  }

  #close(client: number): void {
    const known = this.#clients.get(client);
    if (!known) return;
    this.#clients.delete(client);
    known.port.close();
    this.#engine.send({ kind: 'close-client', client });
  }
}

/** A view into a larger buffer would be cloned with all of it. */
function exact(frame: string | Uint8Array): string | Uint8Array {
  return typeof frame === 'string' || frame.byteLength === frame.buffer.byteLength
    ? frame
    : new Uint8Array(frame);
}
