import { afterEach, describe, expect, it } from 'vitest';
import { single } from '../project/sqlite.ts';
import { projectForEach } from '../project/project.testing.ts';
import type { Project } from '../project/store.ts';
import { DigitList } from './digit-list.ts';

const COUNT = 3_000_000;
/** Every second number to a count that takes longer than one look. */
const everySecond = (last = COUNT) => ({
  text: `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT IIF(i % 2 = 0, i, 0) FROM n`,
  values: [last],
});

let project: Project;
let list: DigitList;

projectForEach(
  (made) => (project = made),
  () => project,
);
afterEach(() => {
  list.close();
});

const make = (last?: number): DigitList => (list = new DigitList(project.db.name, everySecond(last)));

describe('a list of digits', () => {
  it('that is short is whole at the first look', () => {
    make(9).look(2);
    expect([list.complete, ...list.ids(0, 100)]).toEqual([true, 2, 4, 6, 8]);
    expect([...list.ids(3, 9)]).toEqual([8]);
    expect([...list.ids(7, 9)]).toEqual([]);
  });

  it('that is long has its first page at once and is read to its end behind it', async () => {
    make().look(100);
    expect(list.complete).toBe(false);
    expect(list.length).toBeGreaterThanOrEqual(100);
    await list.readTo(list.length + 1_000);
    expect(list.complete).toBe(false);
    await list.readTo();
    expect([list.complete, list.length]).toEqual([true, COUNT / 2]);
    expect([...list.ids(COUNT / 2 - 2, COUNT)]).toEqual([COUNT - 2, COUNT]);
  });

  it('lets the project be changed while it is read, and ends when it is closed', async () => {
    make().look(100);
    const whole = list.readTo();
    project.db.prepare('UPDATE project SET name = ?').run('y');
    expect(single(project.db, 'SELECT name FROM project')).toBe('y');
    list.close();
    await whole;
    expect(list.complete).toBe(true);
    expect(list.length).toBeLessThan(COUNT / 2);
  });
});
