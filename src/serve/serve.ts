import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EngineOptions } from '../shared/bridge.ts';
import { createEngine } from '../engine/api/engine.ts';
import { ComputeProcess } from '../engine/compute/client.ts';
import { ReaderPool } from '../engine/images/reader-pool.ts';
import { answerRequest } from './pages.ts';
import { Session } from './session.ts';
import { RpcSockets } from './socket.ts';

const HOST = '127.0.0.1';

export interface ServeOptions extends EngineOptions {
  /** 0 takes any free port. */
  port: number;
  /** Folders that the pages may offer: read, or hold a project. */
  roots: readonly string[];
  /** The folder of the built pages. */
  pages: string;
}

export interface Serving {
  /** With the one-time token in it. */
  url: string;
  /** Interrupts what runs, closes the project and lets everybody go. */
  close(): Promise<void>;
}

/**
 * Serves the window's pages and the engine to browsers of this machine, on loopback alone. Throws `folder-unreadable` for a
 * root, and Node's EADDRINUSE.
 */
export async function serve({ port, roots, pages, ...engineOptions }: ServeOptions): Promise<Serving> {
  const engine = createEngine(engineOptions, { compute: new ComputeProcess(), reader: new ReaderPool() });
  const session = new Session();
  const door = { session, cookieName: '' };
  const sockets = new RpcSockets(engine, door);
  const server = createServer((request, response) => {
    answerRequest(request, response, door, pages).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  try {
    for (const root of roots) await engine.addRoot(root);
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    await engine.close();
    throw error;
  }
  const { port: taken } = server.address() as AddressInfo;
  door.cookieName = `studio-${taken}`;
  await engine.reopen();
  engine.warmUp();
  return {
    url: `http://${HOST}:${taken}/?token=${session.token}`,
    async close() {
      sockets.close();
      server.close();
      server.closeAllConnections();
      await engine.close();
    },
  };
}
