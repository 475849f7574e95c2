import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';

export type Link = PortLink<Record<never, never>> | SocketLink<Record<never, never>>;

/** One connection to the engine; a new one is made after each restart. */
export interface Transport {
  link: Link;
  /** Ends it: calls that wait for an answer are rejected. */
  close(): void;
}

/** What the RPC link needs of a port, with a close that works in every Chromium: `close` events of ports came with version 122. */
class ClosablePort extends EventTarget {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.addEventListener('message', ({ data }: MessageEvent<unknown>) =>
      this.dispatchEvent(new MessageEvent('message', { data })),
    );
    port.addEventListener('close', () => this.close());
    port.start();
  }

  postMessage(data: unknown): void {
    this.#port.postMessage(data);
  }

  close(): void {
    this.#port.close();
    this.dispatchEvent(new Event('close'));
  }
}

/** Over the port that the preload handed in. */
export function overPort(port: MessagePort, onclose: () => void): Transport {
  const closable = new ClosablePort(port);
  closable.addEventListener('close', onclose, { once: true });
  return { link: new PortLink({ port: closable as unknown as MessagePort }), close: () => closable.close() };
}

/** Over a WebSocket to the server that the page came from; its cookie carries the token. */
export function overSocket(onopen: () => void, onclose: (detail: string) => void): Transport {
  const url = new URL('/rpc', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.addEventListener('open', onopen, { once: true });
  socket.addEventListener('close', ({ reason }) => onclose(reason), { once: true });
  return { link: new SocketLink({ websocket: socket }), close: () => socket.close() };
}
