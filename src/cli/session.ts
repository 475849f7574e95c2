import util from 'node:util';
import { StudioError } from '../shared/errors.ts';
import { explain, formatsFor, messagesFor, withSystemWords, type Formats } from '../shared/messages/index.ts';
import { cli as words, cliErrors } from '../shared/messages/en/cli.ts';
import { ComputeProcess } from '../engine/compute/client.ts';
import { ReaderPool } from '../engine/images/reader-pool.ts';
import { ProgressLine } from './progress.ts';

export const EXIT = { done: 0, error: 1, usage: 2, cancelled: 130 } as const;

/** Numbers as the command line writes them for people; JSON has them bare. */
export const formats: Formats = formatsFor('en');

/** What a command found: for people, and as the object that `--json` ends with. */
export interface Outcome {
  text: string[];
  json: object;
  code?: number;
}

/** What a command works with: the engine's processes, started when first asked for, the progress line and the signal to stop. */
export class Session {
  readonly progress = new ProgressLine();
  readonly #stop = new AbortController();
  readonly #open: { close(): Promise<void> }[] = [];
  #compute: ComputeProcess | undefined;
  #reader: ReaderPool | undefined;

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get compute(): ComputeProcess {
    return (this.#compute ??= this.#opened(new ComputeProcess()));
  }

  get reader(): ReaderPool {
    return (this.#reader ??= this.#opened(new ReaderPool()));
  }

  /** Ends the processes too: nothing that they are still at is waited for. */
  readonly cancel = (): void => {
    this.#stop.abort();
    void this.close();
  };

  async close(): Promise<void> {
    await Promise.all(this.#open.map((part) => part.close()));
  }

  #opened<Part extends { close(): Promise<void> }>(part: Part): Part {
    this.#open.push(part);
    return part;
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs one command to its end, prints what it found or why it failed, and answers the exit code. */
export async function runCommand(
  json: boolean | undefined,
  command: (session: Session) => Promise<Outcome>,
): Promise<number> {
  const session = new Session();
  for (const signal of signals) process.on(signal, session.cancel);
  try {
    const outcome = await command(session);
    session.progress.clear();
    if (json) print(JSON.stringify(outcome.json));
    else outcome.text.forEach(print);
    return outcome.code ?? EXIT.done;
  } catch (error) {
    session.progress.clear();
    const known = asStudioError(error);
    const failure =
      session.signal.aborted && known.code !== 'cancelled' ? new StudioError('cancelled') : known;
    complain(failure);
    if (json) print(JSON.stringify({ error: errorFacts(failure) }));
    return failure.code === 'cancelled' ? EXIT.cancelled : EXIT.error;
  } finally {
    for (const signal of signals) process.off(signal, session.cancel);
    await session.close();
  }
}

const asStudioError = (error: unknown): StudioError =>
  error instanceof StudioError
    ? error
    : new StudioError('internal', { detail: error instanceof Error ? error.message : String(error) });

/** An error as JSON has it. */
export const errorFacts = (error: StudioError): object => ({
  ...error.params,
  code: error.code,
  message: describe(error)[0],
});

/** What happened, what was kept, what to do: a line each. */
export function describe(error: StudioError): string[] {
  if (error.code === 'cancelled') {
    const { project, manifest } = error.params;
    if (manifest !== undefined) return [words.filing.cancelled(String(manifest))];
    return [project === undefined ? words.cancelled : words.cancelledInProject(String(project))];
  }
  const messages = { ...messagesFor('en').errors, ...cliErrors };
  const params = withSystemWords(systemErrors, error.params);
  const { what, kept, next } = explain(messages, { code: error.code, params });
  return [what, ...(kept && [`  ${words.kept} ${kept}`]), ...(next && [`  ${words.next} ${next}`])];
}

/** The words of the system for its codes. */
const systemErrors = Object.fromEntries(util.getSystemErrorMap().values());

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function complain(error: StudioError): void {
  const mark = error.code === 'cancelled' ? '' : words.errorMark;
  process.stderr.write(`${mark}${describe(error).join('\n')}\n`);
}
