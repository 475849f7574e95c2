import type { z } from 'zod';
import type {
  CsvChoice,
  Job,
  ScanCopies,
  ScanSummary,
  scanProgress,
} from '../../../shared/contract/index.ts';
import { usualNormalisation, type NormalisationChoice } from '../../../shared/domain.ts';

type ScanEvent = z.infer<typeof scanProgress>;

/** The calls of the engine that an import needs. */
export interface ImportCalls {
  /** `labels`: which CSV, null for none, left out to be found. */
  scan(source: string, signal: AbortSignal, labels?: CsvChoice | null): Promise<AsyncIterable<ScanEvent>>;
  import(scanId: string, name: string, normalisation: NormalisationChoice): Promise<Job>;
}

export interface ImportSource {
  /** `mnist`, or the id of a folder. */
  id: string;
  /** For the eye. */
  display: string;
}

export type ImportStep =
  | { kind: 'idle' }
  | { kind: 'scanning'; files: number }
  | { kind: 'summary'; summary: ScanSummary }
  /** How its CSV is read was changed: the counts are taken again. */
  | { kind: 'correcting'; summary: ScanSummary }
  | { kind: 'starting'; summary: ScanSummary }
  /** Nothing was imported. */
  | { kind: 'failed'; error: unknown };

/** From a chosen source over the dry run to the import; nothing is written before `commit`. */
export class ImportFlow {
  step = $state.raw<ImportStep>({ kind: 'idle' });
  source = $state.raw<ImportSource | null>(null);
  name = $state('');
  /** How its pictures are read. */
  normalisation = $state<NormalisationChoice>({ ...usualNormalisation });
  /** Files are compared, to find those that are there twice; `copies` is what that came to. */
  checking = $state.raw<{ done: number; total: number } | null>(null);
  copies = $state.raw<ScanCopies | null>(null);
  readonly #calls: ImportCalls;
  #stop = new AbortController();
  /** Of the looking alone, which an import that begins needs no more. */
  #stopLooking = new AbortController();

  constructor(calls: ImportCalls) {
    this.#calls = calls;
  }

  get open(): boolean {
    return this.step.kind !== 'idle';
  }

  /** Looks through a source, whose pictures are read in that way unless another is chosen; one that was being looked through before is left alone. */
  async scan(source: ImportSource, name: string, normalisation = usualNormalisation): Promise<void> {
    this.cancel();
    this.normalisation = { ...normalisation };
    this.source = source;
    this.name = name;
    this.step = { kind: 'scanning', files: 0 };
    await this.#look(source);
  }

  /** Counts again with labels from another CSV, or from this one read in another way; what was counted stays in sight meanwhile. */
  async correct(labels: CsvChoice | null): Promise<void> {
    const { step, source } = this;
    if ((step.kind !== 'summary' && step.kind !== 'correcting') || source === null) return;
    this.cancel();
    this.step = { kind: 'correcting', summary: step.summary };
    await this.#look(source, labels);
  }

  async #look(source: ImportSource, labels?: CsvChoice | null): Promise<void> {
    const { signal } = this.#stopLooking;
    try {
      for await (const event of await this.#calls.scan(source.id, signal, labels)) {
        if (signal.aborted) return;
        switch (event.type) {
          case 'progress':
            if (this.step.kind === 'scanning') this.step = { kind: 'scanning', files: event.files };
            break;
          case 'summary':
            this.step = { kind: 'summary', summary: event.summary };
            break;
          case 'checking':
            this.checking = event;
            break;
          case 'copies':
            this.copies = event.copies;
        }
      }
    } catch (error) {
      // What was counted can be imported, whether or not its files could be compared.
      if (!signal.aborted && this.step.kind !== 'summary') this.step = { kind: 'failed', error };
    }
    if (!signal.aborted) this.checking = null;
  }

  /** The same source once more, after it failed. */
  async again(): Promise<void> {
    if (this.source !== null) await this.scan(this.source, this.name, this.normalisation);
  }

  /** Starts the import of what the dry run found. Answers its job; null when that went wrong or there is nothing to import. */
  async commit(): Promise<Job | null> {
    const { step, name } = this;
    if (step.kind !== 'summary' || step.summary.total === 0 || name.trim() === '') return null;
    const { signal } = this.#stop;
    this.#stopLooking.abort();
    this.checking = null;
    this.step = { kind: 'starting', summary: step.summary };
    try {
      const job = await this.#calls.import(step.summary.scanId, name.trim(), { ...this.normalisation });
      if (!signal.aborted) this.step = { kind: 'idle' };
      return job;
    } catch (error) {
      if (!signal.aborted) this.step = { kind: 'failed', error };
      return null;
    }
  }

  /** Gives up; an import that has started goes on. */
  cancel(): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#stopLooking.abort();
    this.#stopLooking = new AbortController();
    this.checking = null;
    this.copies = null;
    this.step = { kind: 'idle' };
  }
}
