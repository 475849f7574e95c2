import { describe, expect, it } from 'vitest';
import { fileName, nameFromFolder } from './names.ts';

describe('nameFromFolder', () => {
  it.each([
    ['/home/ann/Monday scans', 'Monday scans'],
    ['C:\\scans\\0412\\', '0412'],
    ['/', '/'],
  ])('%s -> %s', (folder, name) => expect(nameFromFolder(folder, [])).toBe(name));
  it('counts on where the name is taken', () => {
    expect(nameFromFolder('/a/scans', ['scans', 'scans 2'])).toBe('scans 3');
  });
});

it('makes a file name of any name', () => {
  expect(fileName('Monday: a/b', 'csv')).toBe('Monday- a-b.csv');
  expect(fileName('..', 'jsonl')).toBe('results.jsonl');
  expect(fileName('星期一', 'parquet')).toBe('星期一.parquet');
});
