import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { EngineOptions, FromEngine, GrantedPath, PathPurpose, ToEngine } from '../shared/bridge.ts';
import type { Contract } from '../shared/contract/index.ts';
import { ClientChannel } from './api/port.ts';

/** An engine process, and one client of it as main relays it. */
export class EngineChild {
  readonly process: ChildProcess;
  readonly ended: Promise<NodeJS.Signals | number | null>;
  readonly ready: Promise<void>;
  readonly #grants = new Map<number, (answer: FromEngine) => void>();

  /** `home` holds its user data, and MNIST in `mnist`. */
  constructor(home: string, more: Partial<EngineOptions> = {}) {
    const options: EngineOptions = {
      userData: path.join(home, 'user'),
      mnist: path.join(home, 'mnist'),
      version: '0.1.0',
      ...more,
    };
    const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
    this.process = spawn(process.execPath, [entry, JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    this.ended = new Promise((resolve) =>
      this.process.once('exit', (code, signal) => resolve(signal ?? code)),
    );
    const { promise, resolve }: PromiseWithResolvers<void> = Promise.withResolvers();
    this.ready = promise;
    this.process.on('message', (message: FromEngine) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'frame') this.#channel.receive(message.data);
      else this.#grants.get(message.request)!(message);
    });
    this.#channel = new ClientChannel((data) => this.send({ kind: 'frame', client: 1, data }));
    this.send({ kind: 'open-client', client: 1 });
    this.client = createORPCClient(new RPCLink({ port: this.#channel as unknown as MessagePort }));
  }

  readonly #channel: ClientChannel;
  readonly client: ContractRouterClient<Contract>;

  send(message: ToEngine): void {
    if (this.process.connected) this.process.send(message);
  }

  grant(chosen: string, purpose: PathPurpose): Promise<GrantedPath> {
    const request = this.#grants.size + 1;
    return new Promise((resolve, reject) => {
      this.#grants.set(request, (answer) =>
        answer.kind === 'granted' ? resolve(answer.path) : reject(new Error(JSON.stringify(answer))),
      );
      this.send({ kind: 'grant', request, path: chosen, purpose });
    });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.process.kill(signal);
    await this.ended;
  }
}
