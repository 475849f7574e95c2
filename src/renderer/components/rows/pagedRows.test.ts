import { expect, it } from 'vitest';
import { PagedRows } from './pagedRows.svelte.ts';

interface Row {
  id: number;
}
interface Query {
  text: string;
}
const filter: Query = { text: '' };
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function batchOf(total: number) {
  const asked: number[] = [];
  const read = async (_: Query, offset: number, limit: number) => {
    asked.push(offset);
    const length = Math.max(0, Math.min(limit, total - offset));
    return { total, rows: Array.from({ length }, (_, i) => ({ id: offset + i + 1 }) as Row) };
  };
  return { asked, rows: new PagedRows<Query, Row>(read) };
}

it('reads each page once, when it comes into view', async () => {
  const { asked, rows } = batchOf(1000);
  rows.show(filter);
  await settle();
  rows.need({ first: 190, last: 230 });
  rows.need({ first: 195, last: 235 });
  await settle();
  expect(asked).toEqual([0, 200]);
  expect(rows.total).toBe(1000);
  expect(rows.at(231)?.id).toBe(232);
  expect(rows.at(700)).toBeUndefined();
});

it('throws away the answer to an older question', async () => {
  const answer: ((rows: Row[]) => void)[] = [];
  const rows = new PagedRows<Query, Row>(
    () => new Promise((resolve) => answer.push((found) => resolve({ total: found.length, rows: found }))),
  );
  rows.show(filter);
  rows.show({ ...filter, text: 'b' });
  answer[1]!([{ id: 2 } as Row]);
  answer[0]!([{ id: 1 } as Row, { id: 7 } as Row]);
  await settle();
  expect([rows.total, rows.at(0)?.id]).toEqual([1, 2]);
});

it('keeps old rows on the screen while it reads them again', async () => {
  const { asked, rows } = batchOf(500);
  rows.show(filter);
  await settle();
  rows.refresh({ first: 0, last: 20 });
  expect(rows.at(0)?.id).toBe(1);
  await settle();
  expect(asked).toEqual([0, 0]);
});

it('asks again after a failure', async () => {
  let failing = true;
  const rows = new PagedRows<Query, Row>(async () => {
    if (failing) throw new Error('engine stopped');
    return { total: 1, rows: [{ id: 1 } as Row] };
  });
  rows.show(filter);
  await settle();
  expect(rows.error).toBeInstanceOf(Error);
  failing = false;
  rows.need({ first: 0, last: 1 });
  await settle();
  expect([rows.error, rows.at(0)?.id]).toEqual([null, 1]);
});

it('forgets pages far away', async () => {
  const { asked, rows } = batchOf(1_000_000);
  rows.show(filter);
  await settle();
  rows.need({ first: 500_000, last: 500_030 });
  await settle();
  rows.need({ first: 0, last: 20 });
  await settle();
  expect(asked).toEqual([0, 500_000, 0]);
});
