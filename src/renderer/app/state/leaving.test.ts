import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../shared/contract/index.ts';
import { jobs } from './jobs.svelte.ts';
import { leaving } from './leaving.svelte.ts';
import { project } from './project.svelte.ts';

const job = (state: Job['state']): Job => ({
  id: 'train-1',
  kind: 'train',
  title: 'run',
  state,
  paused: false,
  done: 0,
  total: 0,
  unit: 'images',
  rate: null,
  secondsLeft: null,
  error: null,
  subject: 1,
  startedAt: '1998-11-01T00:00:00.000Z',
});
let left = 0;
const leave = (): void => leaving.ask(() => left++);

beforeEach(() => {
  left = 0;
  leaving.asking = false;
  project.current = { id: 'p', name: 'p', folder: '/p', schemaVersion: 1, createdAt: '', readOnly: false };
  jobs.list = [];
});

describe('leaving a project', () => {
  it('in which something runs waits for a yes', () => {
    jobs.list = [job('running')];
    leave();
    expect([leaving.asking, left]).toEqual([true, 0]);
    leaving.agree();
    expect([leaving.asking, left]).toEqual([false, 1]);
  });

  it('without a yes does nothing, and asks anew the next time', () => {
    jobs.list = [job('running')];
    leave();
    leaving.asking = false;
    leave();
    expect([leaving.asking, left]).toEqual([true, 0]);
  });

  it.each(['done', 'failed', 'cancelled', 'interrupted'] as const)(
    'whose job is %s asks nothing',
    (state) => {
      jobs.list = [job(state)];
      leave();
      expect([leaving.asking, left]).toEqual([false, 1]);
    },
  );

  it('that is none asks nothing', () => {
    project.current = null;
    jobs.list = [job('running')];
    leave();
    expect(left).toBe(1);
  });
});
