import { expect, it } from 'vitest';
import { jobStates } from './contract/index.ts';
import { canGoOn } from './go-on.ts';

it('all that has not come to its end goes on, but for a training that diverged', () => {
  expect(jobStates.filter((state) => canGoOn({ state, error: null }))).toEqual([
    'failed',
    'cancelled',
    'interrupted',
  ]);
  const failed = (code: 'disk-full' | 'training-diverged') =>
    canGoOn({ state: 'failed', error: { code, params: {} } });
  expect([failed('disk-full'), failed('training-diverged')]).toEqual([true, false]);
});
