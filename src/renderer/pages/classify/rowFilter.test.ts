import { expect, it } from 'vitest';
import { confidenceBounds } from '../../../shared/contract/index.ts';
import { formatsFor } from '../../../shared/messages/index.ts';
import { bandName, toggled } from './rowFilter.ts';

it('a bar that is pressed again takes its filter away and leaves the others', () => {
  const one = toggled({}, { digit: 3 });
  const two = toggled(one, { part: { first: 5, last: 9 } });
  expect(two).toEqual({ digit: 3, part: { first: 5, last: 9 } });
  expect(toggled(two, { digit: 4 })).toEqual({ digit: 4, part: { first: 5, last: 9 } });
  expect(toggled(two, { part: { first: 5, last: 9 } })).toEqual({ digit: 3 });
  expect(toggled({ digit: 0, folder: '' }, { folder: '' })).toEqual({ digit: 0 });
});

it('names each band by its bounds, no two alike', () => {
  const words = {
    below: (share: string) => `< ${share}`,
    band: (from: string, to: string) => `${from}–${to}`,
  };
  const names = confidenceBounds.slice(1).map((_, band) => bandName(band, formatsFor('en'), words));
  expect(names[0]).toBe('< 50\u00a0%');
  expect(names.at(-1)).toBe('99.9\u00a0%–100\u00a0%');
  expect(new Set(names).size).toBe(names.length);
});
