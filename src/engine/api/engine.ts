import { createRouterClient, type RouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/ws';
import type { EngineOptions, GrantedPath, PathPurpose } from '../../shared/bridge.ts';
import { badFilePlace } from '../datasets/quarantine.ts';
import { EngineContext, type EngineParts } from './context.ts';
import { closeProject, switchTo } from './project-session.ts';
import { router } from './router.ts';

type RpcSocket = Parameters<RPCHandler<{ engine: EngineContext }>['upgrade']>[0];

/** A message port, or what is shaped like one. */
export interface ClientPort {
  addEventListener(event: string, listener: (event: Event) => void): void;
  postMessage(frame: unknown): void;
}

export interface Engine {
  /** Serves one client over a port until the port closes. */
  serve(port: ClientPort): void;
  /** Calls without a port, for the command line and tests. */
  readonly client: RouterClient<typeof router>;
  /** Makes a path that the user chose available under an opaque id. Throws `folder-unreadable` or `cannot-write`. */
  grantPath(path: string, purpose: PathPurpose): Promise<GrantedPath>;
  /** Where a file of the open project lies that a data set left out; null when it is not there or not within its folder. */
  locateBadFile(badFile: number): Promise<string | null>;
  /** A folder from the command line: may be read, and may hold a project. */
  addRoot(path: string): Promise<GrantedPath>;
  /** Opens the project that an engine which died had open, if it still can be opened. */
  reopen(): Promise<void>;
  /** Loads TensorFlow ahead of its first use. */
  warmUp(): void;
  /** Interrupts what runs and closes the project and the processes that it works with. */
  close(): Promise<void>;
}

/** The engine without a process around it. */
export function createEngine(options: EngineOptions, parts: EngineParts): Engine {
  const engine = new EngineContext(options, parts);
  const context = { engine };
  const handler = new RPCHandler(router);
  let closing = false;
  return {
    serve(port) {
      // oRPC's handler of sockets drops a frame that it cannot read; the one of ports lets it end the process.
      const socket = {
        addEventListener: port.addEventListener.bind(port),
        send: (frame: unknown) => port.postMessage(frame),
      };
      void handler.upgrade(socket as unknown as RpcSocket, { context });
    },
    client: createRouterClient(router, { context }),
    grantPath: (path, purpose) => engine.grants.grant(path, purpose),
    locateBadFile: async (badFile) => badFilePlace(engine.open.db, badFile),
    async addRoot(path) {
      const root = await engine.grants.grant(path, 'read-folder', 'project-folder');
      engine.roots.push(root);
      return root;
    },
    async reopen() {
      const folder = engine.recent.leftOpen;
      if (folder !== null) await switchTo(engine, folder).catch((error: unknown) => console.error(error));
    },
    warmUp() {
      engine.compute.info().then(
        (info) => (engine.computeInfo = info),
        (error: unknown) => {
          // Who closes while it loads ends it.
          if (!closing) console.error(error);
        },
      );
    },
    async close() {
      closing = true;
      engine.dispose();
      await closeProject(engine);
      await Promise.all([engine.compute.close(), engine.reader.close()]);
    },
  };
}
