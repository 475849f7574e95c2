import { expect, it } from 'vitest';
import type { Run } from '../../../shared/contract/index.ts';
import { newestFirst, nextOrder, sortRuns, type RunOrder } from './order.ts';

const runs = [
  { id: 3, name: 'run 10', testAccuracy: 0.98 },
  { id: 2, name: 'run 9', testAccuracy: null },
  { id: 1, name: 'another', testAccuracy: 0.99 },
] as Run[];
const ids = (order: RunOrder): number[] => sortRuns(runs, order).map(({ id }) => id);

it.each<[RunOrder, number[]]>([
  [newestFirst, [3, 2, 1]],
  [{ by: 'name', descending: false }, [1, 2, 3]],
  [{ by: 'name', descending: true }, [3, 2, 1]],
  [{ by: 'testError', descending: false }, [1, 3, 2]],
  [{ by: 'testError', descending: true }, [3, 1, 2]],
])('sorts runs by %j', (order, expected) => expect(ids(order)).toEqual(expected));

it('a column is pressed upwards, downwards and away', () => {
  const first = nextOrder(newestFirst, 'name');
  expect(first).toEqual({ by: 'name', descending: false });
  const second = nextOrder(first, 'name');
  expect(second).toEqual({ by: 'name', descending: true });
  expect(nextOrder(second, 'name')).toEqual(newestFirst);
  expect(nextOrder(second, 'testError')).toEqual({ by: 'testError', descending: false });
});
