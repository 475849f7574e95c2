import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Job } from '../../shared/contract/index.ts';
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
    expect(points.length).toBeLessThanOrEqual(2_000);
    expect(points.length).toBeGreaterThan(900);
    expect(points.at(-1)!.step).toBe(steps);
    const area = points.reduce(
      (sum, { step, accuracy }, at) => sum + accuracy * (step - (points[at - 1]?.step ?? 0)),
      0,
    );
    expect(area / steps).toBeCloseTo(0.5, 3);
    for (let at = 1; at < points.length; at++) expect(points[at]!.step).toBeGreaterThan(points[at - 1]!.step);
  });
});
