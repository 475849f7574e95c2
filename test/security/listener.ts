import dgram from 'node:dgram';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on loopback that remembers who came: what a page that gets out would reach. */
export class Listener {
  readonly seen: string[] = [];
  readonly #http = http.createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('out');
  });
  readonly #udp = dgram.createSocket('udp4');

  async open(): Promise<void> {
    this.#http.on('connection', () => this.seen.push('tcp'));
    this.#udp.on('message', () => this.seen.push('udp'));
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    this.#udp.bind(this.port, '127.0.0.1');
    await once(this.#udp, 'listening');
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  close(): void {
    this.#udp.close();
    this.#http.close();
    this.#http.closeAllConnections();
  }
}
