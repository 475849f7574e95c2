import { describe, expect, it } from 'vitest';
import { pagesOf, visibleRows } from './window.ts';

describe('visibleRows', () => {
  it('gives what is seen and some around it', () => {
    expect(visibleRows({ top: 2800, height: 280 }, 28, 1000, 4)).toEqual({ first: 96, last: 114 });
  });
  it('stays within the list', () => {
    expect(visibleRows({ top: 0, height: 280 }, 28, 5)).toEqual({ first: 0, last: 5 });
    expect(visibleRows({ top: 9000, height: 280 }, 28, 5)).toEqual({ first: 5, last: 5 });
    expect(visibleRows({ top: 0, height: 0 }, 28, 0)).toEqual({ first: 0, last: 0 });
  });
});

describe('pagesOf', () => {
  it('names every page that is touched', () => {
    expect(pagesOf({ first: 95, last: 201 }, 100)).toEqual([0, 1, 2]);
    expect(pagesOf({ first: 100, last: 200 }, 100)).toEqual([1]);
  });
  it('names none for nothing', () => expect(pagesOf({ first: 7, last: 7 }, 100)).toEqual([]));
});
