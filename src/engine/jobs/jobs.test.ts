import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../shared/contract/index.ts';
import type { CurvePoint } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { Curve } from './curve.ts';
import { orCancelled } from './flow.ts';
import { Pace } from './pace.ts';
import { JobRegistry, type JobControl, type NewJob } from './registry.ts';

const job = (kind: Job['kind'], subject = 1): NewJob => ({
  kind,
  title: `${kind} ${subject}`,
  subject,
  unit: 'files',
});
const untilStopped = ({ signal }: JobControl): Promise<void> =>
  orCancelled(new Promise(() => undefined), signal);

describe('jobs', () => {
  it('compute one at a time, with an import beside it', async () => {
    const jobs = new JobRegistry(() => undefined);
    jobs.start(job('train'), untilStopped);
    jobs.start(job('import'), untilStopped);
    for (const kind of ['train', 'classify', 'evaluate', 'import'] as const)
      expect(() => jobs.start(job(kind, 2), untilStopped)).toThrow(/job-running/);
    jobs.cancel('train-1');
    expect((await jobs.ended('train-1')).state).toBe('cancelled');
    expect(jobs.start(job('classify', 2), untilStopped).state).toBe('running');
    await jobs.close();
    expect(jobs.list()).toEqual([]);
  });

  it('end in the state that their error stands for', async () => {
    const told: string[] = [];
    const jobs = new JobRegistry(({ id, state }) => told.push(`${id} ${state}`));
    const failing = (error: unknown) => () => Promise.reject(error);
    jobs.start(job('classify', 1), failing(new StudioError('disk-full', { file: 'x' })));
    expect(await jobs.ended('classify-1')).toMatchObject({ state: 'failed', error: { code: 'disk-full' } });
    jobs.start(job('classify', 2), failing(new StudioError('compute-stopped', { detail: 'SIGKILL' })));
    expect(await jobs.ended('classify-2')).toMatchObject({
      state: 'interrupted',
      error: { code: 'compute-stopped' },
    });
    jobs.start(job('classify', 3), untilStopped);
    await jobs.close();
    expect(told).toEqual([
      'classify-1 running',
      'classify-1 failed',
      'classify-2 running',
      'classify-2 interrupted',
      'classify-3 running',
      'classify-3 interrupted',
    ]);
  });
});

describe('jobs in the queue', () => {
  const states = (jobs: JobRegistry): string[] => jobs.list().map(({ id, state }) => `${id} ${state}`);
  const noLeave = (): void => undefined;

  it('begin one after the other, however the one before ended, without those that were taken out', async () => {
    const jobs = new JobRegistry(() => undefined);
    const left: number[] = [];
    jobs.start(job('train'), untilStopped);
    for (const subject of [1, 2, 3])
      jobs.queue(job('classify', subject), untilStopped, () => void left.push(subject));
    expect(states(jobs)).toEqual([
      'train-1 running',
      'classify-1 queued',
      'classify-2 queued',
      'classify-3 queued',
    ]);
    jobs.cancel('classify-1');
    jobs.cancel('train-1');
    await vi.waitFor(() => expect(jobs.get('classify-2')!.state).toBe('running'));
    expect(jobs.get('classify-3')!.state).toBe('queued');
    expect(left).toEqual([1]);
    jobs.cancel('classify-2');
    await vi.waitFor(() => expect(jobs.get('classify-3')!.state).toBe('running'));
    expect(jobs.get('classify-1')!.state).toBe('cancelled');
    await jobs.close();
    expect(left).toEqual([1]);
  });

  it.each(['compute-stopped', 'disk-full'] as const)('wait while nothing can go on: %s', async (code) => {
    const jobs = new JobRegistry(() => undefined);
    jobs.start(job('classify', 1), () => Promise.reject(new StudioError(code, { detail: '', file: '' })));
    jobs.queue(job('classify', 2), untilStopped, noLeave);
    await jobs.ended('classify-1');
    expect(jobs.get('classify-2')!.state).toBe('queued');
    expect(jobs.isFree('classify')).toBe(true);
    jobs.start(job('import'), () => Promise.resolve());
    await jobs.ended('import-1');
    expect(jobs.get('classify-2')!.state).toBe('queued');
    jobs.start(job('classify', 1), () => Promise.resolve());
    await jobs.ended('classify-1');
    expect(jobs.get('classify-2')!.state).toBe('running');
    await jobs.close();
  });

  it('do not begin in a project that closes', async () => {
    const jobs = new JobRegistry(() => undefined);
    let began = false;
    jobs.start(job('classify', 1), async ({ signal }) => {
      await untilStopped({ signal } as JobControl).catch(() => undefined);
    });
    const next = (): Promise<void> => {
      began = true;
      return Promise.resolve();
    };
    jobs.queue(job('classify', 2), next, noLeave);
    await jobs.close();
    expect(began).toBe(false);
    expect(jobs.list()).toEqual([]);
  });
});

describe('the time that a job has left', () => {
  afterEach(() => void vi.useRealTimers());

  it('is counted from its first results on, not from loading, and answered as the job tells it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const jobs = new JobRegistry(() => undefined);
    const answers: (number | null)[] = [];
    // Resumed at 1,000 of 2,000; a minute of loading, then 100 images a second.
    jobs.start({ ...job('train'), done: 1_000 }, async ({ progress }) => {
      answers.push(progress(1_000, 2_000));
      vi.advanceTimersByTime(60_000);
      for (let done = 1_100; done <= 1_500; done += 100) {
        answers.push(progress(done, 2_000));
        expect(jobs.get('train-1')!.secondsLeft).toBe(answers.at(-1));
        vi.advanceTimersByTime(1_000);
      }
      throw new StudioError('compute-stopped', { detail: 'SIGKILL' });
    });
    expect((await jobs.ended('train-1')).error?.code).toBe('compute-stopped');
    expect(answers.slice(0, 2)).toEqual([null, null]);
    for (const [at, left] of [8, 7, 6, 5].entries()) expect(answers[at + 2]).toBeCloseTo(left, 6);
  });
});

describe('a paused job', () => {
  afterEach(() => void vi.useRealTimers());

  it('has a rate and a time left that the pause does not count in', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const told: boolean[] = [];
    const jobs = new JobRegistry(({ paused }) => void told.push(paused));
    jobs.start(job('train'), async ({ progress, gate }) => {
      for (let done = 100; done <= 500; done += 100) {
        progress(done, 1_000);
        vi.advanceTimersByTime(1_000);
      }
      jobs.setPaused('train-1', true);
      vi.advanceTimersByTime(60_000);
      expect(gate.paused).toBe(true);
      jobs.setPaused('train-1', false);
      await gate.opened();
      expect(gate.pausedSeconds).toBe(60);
      vi.advanceTimersByTime(1_000);
      expect(progress(600, 1_000)).toBeCloseTo(4, 6);
    });
    expect(await jobs.ended('train-1')).toMatchObject({ state: 'done', paused: false, rate: 100 });
    expect(told).toContain(true);
  });

  it('is one that computes', () => {
    const jobs = new JobRegistry(() => undefined);
    jobs.start(job('import'), untilStopped);
    expect(() => jobs.setPaused('import-1', true)).toThrow('bad-request');
    expect(() => jobs.setPaused('train-1', true)).toThrow('unknown-id');
    return jobs.close();
  });
});

describe('the pace', () => {
  it('settles on a steady rate and tells the time that is left', () => {
    const pace = new Pace(100, 0);
    for (let second = 1; second <= 60; second++) pace.update(100 + second * 50, second * 1_000);
    expect(pace.rate).toBeCloseTo(50, 6);
    expect(pace.secondsLeft(100 + 70 * 50)).toBeCloseTo(10, 6);
    expect(pace.secondsLeft(0)).toBeNull();
  });

  it('follows a change within seconds, not at once', () => {
    const pace = new Pace(0, 0);
    for (let second = 1; second <= 30; second++) pace.update(second * 100, second * 1_000);
    pace.update(3_000, 31_000);
    expect(pace.rate).toBeGreaterThan(50);
    for (let second = 32; second <= 45; second++) pace.update(3_000, second * 1_000);
    expect(pace.rate).toBeLessThan(10);
  });

  it('is not known before something was done', () => {
    expect([new Pace(0, 0).rate, new Pace(0, 0).secondsLeft(10)]).toEqual([null, null]);
  });
});

describe('a curve', () => {
  it('stays bounded, spans the whole run and keeps its mean', () => {
    const curve = new Curve();
    const steps = 50_000;
    for (let step = 16; step <= steps; step += 16)
      curve.add([{ step, loss: 2 - step / steps, accuracy: step / steps }]);
    const { points } = curve;
    expect(points.length).toBeLessThanOrEqual(1_000);
    expect(points.length).toBeGreaterThan(450);
    expect(points.at(-1)!.step).toBe(steps);
    const area = points.reduce(
      (sum, { step, accuracy }, at) => sum + accuracy * (step - (points[at - 1]?.step ?? 0)),
      0,
    );
    expect(area / steps).toBeCloseTo(0.5, 3);
    for (let at = 1; at < points.length; at++) expect(points[at]!.step).toBeGreaterThan(points[at - 1]!.step);
  });

  /** 100,000 points of a loss of 1, with one spike and one dip; answers the curve that a watcher drew of what it was told. */
  function follow(curve: Curve, from = 0): { drawn: CurvePoint[]; largest: number } {
    let drawn: CurvePoint[] = [...curve.points];
    let largest = 0;
    for (let index = from; index < 100_000; index += 10) {
      const points = Array.from({ length: 10 }, (_, at) => {
        const number = index + at + 1;
        return {
          step: 16 * number,
          loss: number === 31_415 ? 9 : number === 77_777 ? 0.1 : 1,
          accuracy: 0.5,
        };
      });
      const told = curve.add(points);
      largest = Math.max(largest, told.points.length);
      drawn = [...drawn.filter(({ step }) => step <= told.after), ...told.points];
    }
    return { drawn, largest };
  }

  it('of 100,000 points keeps what stands out, evenly spread, and tells no more than it keeps', () => {
    const curve = new Curve();
    const { drawn, largest } = follow(curve);
    expect(drawn).toEqual(curve.points);
    expect(largest).toBeLessThanOrEqual(1_000);
    expect(Math.max(...drawn.map(({ high }) => high!))).toBe(9);
    expect(Math.min(...drawn.map(({ low }) => low!))).toBe(0.1);
    const spike = drawn.find(({ high }) => high === 9)!;
    expect(Math.abs(spike.step - 16 * 31_415)).toBeLessThan(16 * 256);
    const widths = drawn.slice(0, -1).map(({ step }, at) => step - (drawn[at - 1]?.step ?? 0));
    expect(new Set(widths).size).toBe(1);
    const sum = drawn.reduce(
      (all, { step, loss }, at) => all + loss * (step - (drawn[at - 1]?.step ?? 0)),
      0,
    );
    expect(sum / (16 * 100_000)).toBeCloseTo((100_000 - 2 + 9 + 0.1) / 100_000, 9);
  });

  it('goes on from where it was kept', () => {
    const curve = new Curve();
    for (let number = 1; number <= 40_000; number++)
      curve.add([{ step: 16 * number, loss: 1, accuracy: 0.5 }]);
    const { drawn } = follow(new Curve(structuredClone(curve.points)), 40_000);
    expect(drawn.length).toBeLessThanOrEqual(1_000);
    expect(drawn.at(-1)!.step).toBe(1_600_000);
    expect(Math.min(...drawn.map(({ low }) => low!))).toBe(0.1);
  });
});
