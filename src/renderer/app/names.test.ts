import { expect, it } from 'vitest';
import { fileName } from './names.ts';

it('makes a file name of any batch name', () => {
  expect(fileName('Monday: a/b', 'csv')).toBe('Monday- a-b.csv');
  expect(fileName('..', 'csv')).toBe('results.csv');
  expect(fileName('星期一', 'csv')).toBe('星期一.csv');
});
