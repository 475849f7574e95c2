import type { GrantedPath, PathPurpose, RefusedPath } from '../shared/bridge.ts';
import type { Engine } from './engine.ts';

interface Pending {
  resolve: (answer: GrantedPath | RefusedPath) => void;
  reject: (error: Error) => void;
}

/** Hands paths that the user chose to the engine and gets opaque ids for them. */
export class Grants {
  readonly #engine: Engine;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.on('message', (message) => {
      if (message.kind === 'granted') this.#take(message.request)?.resolve(message.path);
      if (message.kind === 'refused') this.#take(message.request)?.resolve({ refused: message.error });
    });
    engine.on('state', (state) => {
      if (state.state !== 'stopped') return;
      for (const { reject } of this.#pending.values()) reject(new Error('engine stopped'));
      this.#pending.clear();
    });
  }

  /** Rejects when the engine has stopped. */
  grant(path: string, purpose: PathPurpose): Promise<GrantedPath | RefusedPath> {
    if (this.#engine.state.state === 'stopped') return Promise.reject(new Error('engine stopped'));
    const request = this.#next++;
    return new Promise((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.#engine.send({ kind: 'grant', request, path, purpose });
    });
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }
}
