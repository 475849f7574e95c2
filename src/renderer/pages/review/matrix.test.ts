import { describe, expect, it } from 'vitest';
import { movePlace } from './matrix.ts';

describe('movePlace', () => {
  it.each([
    ['ArrowUp', { row: 3, column: 4 }],
    ['ArrowDown', { row: 5, column: 4 }],
    ['ArrowLeft', { row: 4, column: 3 }],
    ['ArrowRight', { row: 4, column: 5 }],
    ['Home', { row: 4, column: 0 }],
    ['End', { row: 4, column: 10 }],
    ['PageUp', { row: 0, column: 4 }],
    ['PageDown', { row: 10, column: 4 }],
  ])('%s', (key, place) => expect(movePlace({ row: 4, column: 4 }, key)).toEqual(place));
  it('stays in the table', () => {
    expect(movePlace({ row: 10, column: 0 }, 'ArrowDown')).toEqual({ row: 10, column: 0 });
    expect(movePlace({ row: 10, column: 0 }, 'ArrowLeft')).toEqual({ row: 10, column: 0 });
  });
  it('leaves other keys alone', () => expect(movePlace({ row: 1, column: 1 }, '7')).toBeNull());
});
