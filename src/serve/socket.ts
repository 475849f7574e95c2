import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Engine } from '../engine/api/engine.ts';
import { ClientChannel } from '../engine/api/port.ts';
import { isLocal, isSameOrigin } from './origin.ts';
import type { Door } from './pages.ts';

/** Calls are small; pictures only go the other way. */
const LARGEST_FRAME = 4 * 2 ** 20;

/** Upgrades `/rpc` for pages that carry the session's cookie, and connects each to the engine as one client. */
export class RpcSockets {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME });
  readonly #engine: Engine;
  readonly #door: Door;

  constructor(engine: Engine, door: Door) {
    this.#engine = engine;
    this.#door = door;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { session, cookieName } = this.#door;
    const welcome =
      request.url === '/rpc' &&
      isLocal(request) &&
      isSameOrigin(request) &&
      session.admits(request.headers.cookie, cookieName);
    if (!welcome) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (client) => this.#connect(client));
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #connect(client: WebSocket): void {
    const channel = new ClientChannel((frame) => client.send(frame));
    client.on('message', (data: Buffer, isBinary) =>
      channel.receive(isBinary ? new Uint8Array(data) : data.toString('utf8')),
    );
    client.on('close', () => channel.close());
    client.on('error', (error) => console.error(error.message));
    this.#engine.serve(channel);
  }
}
