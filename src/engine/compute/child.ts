import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StudioError } from '../../shared/errors.ts';
import { entryBeside } from '../entry.ts';
import { settingsEnvironment, type TensorFlowSettings } from '../tensor/load.ts';
import { Channel } from './channel.ts';
import {
  fromWireError,
  type CallInputs,
  type CallKind,
  type CallMessage,
  type CallResults,
  type FromCompute,
  type ToCompute,
  type TrainUpdate,
} from './protocol.ts';

const ENTRY = entryBeside(import.meta.url, 'process');

/** What TensorFlow says while it starts, before its log level applies, and plain information. */
const CHATTER = /^(WARNING: All log messages before absl|[IW]\d{4} )/;

interface PendingCall {
  resolve(result: unknown): void;
  reject(error: Error): void;
  update(update: TrainUpdate): void;
}

/** One computing process, from its start to its end, with the calls that wait for it. */
export class ComputeChild {
  readonly #process: ChildProcess;
  readonly #channel: Channel<ToCompute, FromCompute>;
  readonly #pending = new Map<number, PendingCall>();
  #nextCall = 1;
  #lastLine = '';
  #ended = false;

  constructor(settings: TensorFlowSettings) {
    // Not fork(): it would pass this process's inspector flags on.
    const { NODE_OPTIONS: _, ...environment } = process.env;
    this.#process = spawn(process.execPath, [fileURLToPath(ENTRY)], {
      env: { ...environment, ...settingsEnvironment(settings) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    });
    createInterface({ input: this.#process.stderr! }).on('line', (line) => {
      if (line.trim() === '' || CHATTER.test(line)) return;
      this.#lastLine = line.trim();
      process.stderr.write(`${line}\n`);
    });
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('exit', () => (this.#ended = true));
    // After its last words on stderr.
    this.#process.on('close', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      this.#end(this.#lastLine ? `${how}: ${this.#lastLine}` : how);
    });
    this.#channel = new Channel(this.#process, (message: FromCompute) => this.#receive(message));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Rejects with the StudioError of the other side, or `compute-stopped`. */
  call<Kind extends CallKind>(
    kind: Kind,
    input: CallInputs[Kind],
    update: (update: TrainUpdate) => void = () => undefined,
  ): { call: number; result: Promise<CallResults[Kind]> } {
    const call = this.#nextCall++;
    const { promise, resolve, reject } = Promise.withResolvers<CallResults[Kind]>();
    this.#pending.set(call, { resolve: (result) => resolve(result as CallResults[Kind]), reject, update });
    this.#post({ kind, call, input } as unknown as CallMessage);
    return { call, result: promise };
  }

  /** Tells the process that nobody waits for this call any more; it rejects with `cancelled` when the process has stopped it. */
  cancel(call: number): void {
    this.#post({ kind: 'cancel', call });
  }

  /** Makes a training stand still between two steps, or go on. */
  pause(call: number, paused: boolean): void {
    this.#post({ kind: 'pause', call, paused });
  }

  /** Ends the process and waits until it has gone. */
  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.kill('SIGKILL');
    await closed;
  }

  /** A message that cannot be sent needs no care of its own: the process has ended, and its end rejects every call. */
  #post(message: ToCompute): void {
    this.#channel.post(message).catch(() => undefined);
  }

  #receive(message: FromCompute): void {
    const pending = this.#pending.get(message.call);
    if (!pending) return;
    if (message.kind === 'update') return pending.update(message.update);
    this.#pending.delete(message.call);
    if (message.kind === 'done') pending.resolve(message.result);
    else pending.reject(fromWireError(message.error));
  }

  #end(detail: string): void {
    this.#ended = true;
    for (const { reject } of this.#pending.values()) reject(new StudioError('compute-stopped', { detail }));
    this.#pending.clear();
  }
}
