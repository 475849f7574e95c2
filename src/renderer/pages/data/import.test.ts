import { beforeEach, describe, expect, it } from 'vitest';
import type { Job, ScanSummary } from '../../../shared/contract/index.ts';
import { usualNormalisation, type NormalisationChoice } from '../../../shared/domain.ts';
import { ImportFlow, type ImportCalls } from './import.svelte.ts';

const zeros = new Array<number>(10).fill(0);
const summary = (total: number): ScanSummary => ({
  scanId: `scan of ${total}`,
  source: '/scans',
  layout: 'flat',
  total,
  perClass: { train: zeros, test: zeros },
  unlabelled: total,
  problems: [],
});
const job = { id: 'import-7', kind: 'import', subject: 7 } as Job;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A source of `total` files that is listed when `go` is called. */
class Source implements ImportCalls {
  total = 5;
  fails: Error | null = null;
  imported: [string, string][] = [];
  readings: NormalisationChoice[] = [];
  signal: AbortSignal | null = null;
  go: () => void = () => undefined;
  /** Set: files are compared after the summary, and this many are said to be there twice. */
  copies: number | null = null;

  labels: unknown[] = [];
  async scan(_source: string, signal: AbortSignal, labels?: unknown) {
    this.signal = signal;
    this.labels.push(labels);
    const { total, fails, copies } = this;
    const listed = new Promise<void>((resolve) => (this.go = resolve));
    return (async function* () {
      yield { type: 'progress' as const, files: 3 };
      await listed;
      if (fails !== null) throw fails;
      yield { type: 'summary' as const, summary: summary(total) };
      if (copies === null) return;
      yield { type: 'checking' as const, done: 2, total };
      await turn();
      if (signal.aborted) throw new Error('aborted');
      yield { type: 'copies' as const, copies: { copies, otherLabel: 0, leaks: 0 } };
    })();
  }
  async import(scanId: string, name: string, normalisation: NormalisationChoice) {
    if (this.fails !== null) throw this.fails;
    this.readings.push(normalisation);
    this.imported.push([scanId, name]);
    return job;
  }
}

describe('an import', () => {
  let source: Source;
  let flow: ImportFlow;
  beforeEach(() => {
    source = new Source();
    flow = new ImportFlow(source);
  });
  const folder = { id: 'path-1', display: '/scans' };

  async function scanned(): Promise<void> {
    const scan = flow.scan(folder, 'scans');
    await turn();
    source.go();
    await scan;
  }

  it('reads pictures as it is told to, as the last ones unless another way is chosen', async () => {
    const preset: NormalisationChoice = { polarity: 'dark-on-light', crop: true, deskew: true };
    const scan = flow.scan(folder, 'scans', preset);
    await turn();
    source.go();
    await scan;
    flow.normalisation.crop = false;
    await flow.commit();
    await scanned();
    await flow.commit();
    expect(source.readings).toEqual([{ ...preset, crop: false }, usualNormalisation]);
    expect(preset.crop).toBe(true);
  });

  it('counts, shows what it found, and imports only when told to', async () => {
    const scan = flow.scan(folder, 'scans');
    await turn();
    expect(flow.step).toEqual({ kind: 'scanning', files: 3 });
    source.go();
    await scan;
    expect(flow.step).toEqual({ kind: 'summary', summary: summary(5) });
    expect(source.imported).toEqual([]);
    flow.name = ' Monday ';
    expect(await flow.commit()).toBe(job);
    expect(source.imported).toEqual([['scan of 5', 'Monday']]);
    expect(flow.open).toBe(false);
  });

  it('stops the listing when it is cancelled, and nothing comes after', async () => {
    const scan = flow.scan(folder, 'scans');
    await turn();
    flow.cancel();
    expect(source.signal?.aborted).toBe(true);
    source.go();
    await scan;
    expect(flow.step).toEqual({ kind: 'idle' });
  });

  it('leaves the source before alone when another is chosen', async () => {
    const first = flow.scan(folder, 'scans');
    await turn();
    const listFirst = source.go;
    source.total = 9;
    const second = flow.scan({ id: 'path-2', display: '/more' }, 'more');
    await turn();
    listFirst();
    source.go();
    await Promise.all([first, second]);
    expect(flow.step).toEqual({ kind: 'summary', summary: summary(9) });
    expect(flow.name).toBe('more');
  });

  it('counts again as its CSV is corrected, with the counts before in sight and nothing to import meanwhile', async () => {
    await scanned();
    flow.name = 'Monday';
    source.total = 4;
    const again = flow.correct({ file: 'labels.csv', delimiter: ';' });
    await turn();
    expect(flow.step).toEqual({ kind: 'correcting', summary: summary(5) });
    expect(await flow.commit()).toBeNull();
    source.go();
    await again;
    expect(flow.step).toEqual({ kind: 'summary', summary: summary(4) });
    expect(flow.name).toBe('Monday');
    expect(source.labels).toEqual([undefined, { file: 'labels.csv', delimiter: ';' }]);
    flow.cancel();
    await flow.correct(null);
    expect(flow.open).toBe(false);
  });

  it('can begin while files are still compared, which ends that', async () => {
    source.copies = 2;
    const scan = flow.scan(folder, 'scans');
    await turn();
    source.go();
    while (flow.checking === null) await Promise.resolve();
    expect(flow.step.kind).toBe('summary');
    expect(flow.checking).toMatchObject({ done: 2 });
    expect(await flow.commit()).toBe(job);
    await scan;
    expect(source.signal?.aborted).toBe(true);
    expect([flow.step.kind, flow.checking, flow.copies]).toEqual(['idle', null, null]);
  });

  it('says how many files are there twice', async () => {
    source.copies = 2;
    await scanned();
    expect(flow.copies?.copies).toBe(2);
    expect(flow.checking).toBeNull();
    flow.cancel();
    expect(flow.copies).toBeNull();
  });

  it('keeps the source of a listing that failed, to try again', async () => {
    source.fails = new Error('unreadable');
    await scanned();
    expect(flow.step).toEqual({ kind: 'failed', error: source.fails });
    source.fails = null;
    const again = flow.again();
    await turn();
    source.go();
    await again;
    expect(flow.step.kind).toBe('summary');
    expect(flow.name).toBe('scans');
  });

  it('says why the import did not start', async () => {
    await scanned();
    source.fails = new Error('job-running');
    expect(await flow.commit()).toBeNull();
    expect(flow.step).toEqual({ kind: 'failed', error: source.fails });
  });

  it('imports neither nothing nor anything without a name', async () => {
    source.total = 0;
    await scanned();
    expect(await flow.commit()).toBeNull();
    source.total = 5;
    await scanned();
    flow.name = ' ';
    expect(await flow.commit()).toBeNull();
    expect(source.imported).toEqual([]);
  });
});
