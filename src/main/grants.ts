import type { GrantedPath, PathPurpose, RefusedPath, ToEngine } from '../shared/bridge.ts';
import type { Engine } from './engine.ts';

type Answer = GrantedPath | RefusedPath | string | null;
interface Pending {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

/** Hands paths that the user chose to the engine and gets opaque ids for them; and asks it where a file lies. */
export class Grants {
  readonly #engine: Engine;
  readonly #pending = new Map<number, Pending>();
  #next = 1;

  constructor(engine: Engine) {
    this.#engine = engine;
    engine.on('message', (message) => {
      if (message.kind === 'granted') this.#take(message.request)?.resolve(message.path);
      if (message.kind === 'refused') this.#take(message.request)?.resolve({ refused: message.error });
      if (message.kind === 'located') this.#take(message.request)?.resolve(message.path);
    });
    engine.on('state', (state) => {
      if (state.state !== 'stopped') return;
      for (const { reject } of this.#pending.values()) reject(new Error('engine stopped'));
      this.#pending.clear();
    });
  }

  /** Rejects when the engine has stopped. */
  grant(path: string, purpose: PathPurpose): Promise<GrantedPath | RefusedPath> {
    return this.#ask((request) => ({ kind: 'grant', request, path, purpose }));
  }

  /** Where a file lies that a data set left out; the engine alone knows its path. Null when it is not there. */
  locate(badFile: number): Promise<string | null> {
    return this.#ask((request) => ({ kind: 'locate', request, badFile }));
  }

  #ask<Kind extends Answer>(message: (request: number) => ToEngine): Promise<Kind> {
    if (this.#engine.state.state === 'stopped') return Promise.reject(new Error('engine stopped'));
    const request = this.#next++;
    return new Promise<Answer>((resolve, reject) => {
      this.#pending.set(request, { resolve, reject });
      this.#engine.send(message(request));
    }) as Promise<Kind>;
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request);
    this.#pending.delete(request);
    return pending;
  }
}
