import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { EngineOptions, EngineState, FromEngine, ToEngine } from '../shared/bridge.ts';
import type { Locations } from './locations.ts';
import type { LogFile } from './log.ts';

/** How long the engine may take to put its work away when the program ends, in milliseconds. */
const CLOSING_TIME = 8_000;
/** How long what it said last may take to arrive when it has ended, in milliseconds. */
const LAST_WORDS_TIME = 500;

interface EngineEvents {
  state: [EngineState];
  message: [FromEngine];
}

/** Starts the engine's process, watches over it and ends it. It is started again only when somebody asks. */
export class Engine extends EventEmitter<EngineEvents> {
  readonly #places: Pick<Locations, 'node' | 'engine'>;
  readonly #options: EngineOptions;
  readonly #log: LogFile;
  #child: ChildProcess | null = null;
  #state: EngineState = { state: 'starting' };
  /** What was said before the engine was ready to listen. */
  #waiting: ToEngine[] = [];
  #closing = false;

  constructor(places: Pick<Locations, 'node' | 'engine'>, options: EngineOptions, log: LogFile) {
    super();
    this.#places = places;
    this.#options = options;
    this.#log = log;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Does nothing while it runs. */
  start(): void {
    if (this.#child || this.#closing) return;
    this.#become({ state: 'starting' });
    const child = spawn(this.#places.node, [this.#places.engine, JSON.stringify(this.#options)], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      env: engineEnvironment(),
      windowsHide: true,
    });
    this.#child = child;
    this.#log.line(`engine ${child.pid ?? '?'} started`);
    let lastWords = '';
    for (const output of [child.stdout, child.stderr])
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.#log.write(text);
        console.error(text.trimEnd());
        lastWords = text.trim().split('\n').at(-1) ?? lastWords;
      });
    child.on('message', (message: FromEngine) => this.#receive(message));
    // A line that breaks is an error too, but of an engine whose end is about to be told.
    child.on('error', (error) =>
      child.pid === undefined ? this.#ended(child, error.message) : this.#log.line(error.message),
    );
    child.on('exit', (code, signal) => {
      const end = (): void =>
        this.#ended(child, signal ?? [`exit ${code}`, lastWords.slice(0, 300)].join(' ').trim());
      // After its last words; a process of its own that is still there holds their line open.
      child.once('close', end);
      setTimeout(end, LAST_WORDS_TIME);
    });
  }

  /** Waits for the engine when it is starting, and is lost when it has stopped. */
  send(message: ToEngine): void {
    if (this.#state.state === 'starting') this.#waiting.push(message);
    else if (this.#child?.connected) this.#child.send(message);
  }

  /** Asks it to put its work away, waits, and ends it if it does not. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.send({ kind: 'shutdown' } satisfies ToEngine);
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSING_TIME);
    await gone;
    clearTimeout(timer);
  }

  #receive(message: FromEngine): void {
    if (message.kind !== 'ready') {
      this.emit('message', message);
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#become({ state: 'running' });
    for (const earlier of waiting) this.send(earlier);
  }

  #ended(child: ChildProcess, detail: string): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#waiting = [];
    this.#log.line(`engine ${child.pid ?? '?'} ended: ${detail}`);
    if (!this.#closing) this.#become({ state: 'stopped', detail });
  }

  #become(state: EngineState): void {
    this.#state = state;
    this.emit('state', state);
  }
}

/** The user's environment without what would change how Node starts. */
function engineEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NODE_|ELECTRON_)/i.test(name)),
  );
}
