import { expect, it } from 'vitest';
import { noFilter } from './filter.ts';
import { keepShown, keptShown } from './kept.ts';

it('what the grid showed comes back for its project alone, and only when it can be read', () => {
  const kept = new Map<string, string>();
  const storage = {
    setItem: (key: string, value: string) => void kept.set(key, value),
    getItem: (key: string) => kept.get(key) ?? null,
  };
  expect(keptShown(storage, 'a')).toBeNull();
  const shown = { split: 'test', labels: [3], filter: { ...noFilter, text: 'x' }, zoom: 3 } as const;
  keepShown(storage, { projectId: 'a', setId: 7, shown });
  expect(keptShown(storage, 'a')).toEqual({ projectId: 'a', setId: 7, shown });
  expect(keptShown(storage, 'b')).toBeNull();
  for (const [key, value] of kept) kept.set(key, value.replace('"zoom":3', '"zoom":99'));
  expect(keptShown(storage, 'a')).toBeNull();
  for (const key of kept.keys()) kept.set(key, '{');
  expect(keptShown(storage, 'a')).toBeNull();
});
