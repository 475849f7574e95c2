import { describe, expect, it } from 'vitest';
import { gridLayout, indexAfterKey, indexAt, rowsBetween, tileLeft, tileTop } from './layout.ts';

const layout = gridLayout({ count: 23, width: 420, scale: 2, ratio: 1, captions: true });
const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, metaKey: false });

describe('places in a grid', () => {
  it('gives every pixel of a digit the same whole number of screen pixels', () => {
    for (const ratio of [1, 1.25, 1.5, 2, 3]) {
      const { tile } = gridLayout({ count: 1, width: 400, scale: 2, ratio, captions: false });
      expect(Number.isInteger(Math.round(tile * ratio * 1e9) / 1e9 / 28)).toBe(true);
    }
  });
  it('keeps every tile within the width', () => {
    for (let width = 60; width < 900; width += 7) {
      const wide = gridLayout({ count: 100, width, scale: 2, ratio: 1, captions: true });
      expect(tileLeft(wide, wide.columns - 1) + wide.tile).toBeLessThanOrEqual(
        Math.max(width, wide.tile + 12),
      );
    }
  });
  it('finds a digit again by any point of its picture', () => {
    for (const index of [0, 5, 6, 22])
      for (const part of [0, 0.5, 0.99]) {
        const at = (start: number): number => start + part * layout.tile;
        expect(indexAt(layout, at(tileLeft(layout, index)), at(tileTop(layout, index)))).toBe(index);
      }
    expect(indexAt(layout, tileLeft(layout, 0), layout.height + 40)).toBeNull();
  });
  it('counts the rows of which a part is in view', () => {
    expect(rowsBetween(layout, 0, layout.stepY)).toEqual({ first: 0, last: 1 });
    expect(rowsBetween(layout, layout.stepY + 10, layout.stepY)).toEqual({ first: 1, last: 3 });
    expect(rowsBetween(layout, 1e6, 500)).toEqual({ first: layout.rows, last: layout.rows });
  });
});

describe('keys in a grid', () => {
  const go = (from: number | null, name: string, whole = false) =>
    indexAfterKey(layout, from, key(name, whole), 2);
  it('walks along and across the rows', () => {
    expect(layout.columns).toBe(6);
    expect([go(5, 'ArrowRight'), go(6, 'ArrowLeft'), go(3, 'ArrowDown'), go(9, 'ArrowUp')]).toEqual([
      6, 5, 9, 3,
    ]);
  });
  it('stays where there is nothing farther', () => {
    expect([go(0, 'ArrowLeft'), go(22, 'ArrowRight'), go(2, 'ArrowUp'), go(20, 'ArrowDown')]).toEqual([
      0, 22, 2, 20,
    ]);
  });
  it('goes from no digit to the first, or to the last', () => {
    expect([go(null, 'ArrowRight'), go(null, 'PageDown'), go(null, 'End')]).toEqual([0, 0, 0]);
    expect([go(null, 'End', true), go(null, 'Home', true), go(null, 'x')]).toEqual([22, 0, null]);
  });
  it('goes down to the last digit where the last row is shorter', () => {
    expect(go(17, 'ArrowDown')).toBe(22);
  });
  it('jumps by rows, by pages and to the ends', () => {
    expect([go(8, 'Home'), go(8, 'End'), go(8, 'Home', true), go(8, 'End', true)]).toEqual([6, 11, 0, 22]);
    expect([go(1, 'PageDown'), go(13, 'PageUp'), go(15, 'PageDown')]).toEqual([13, 1, 22]);
  });
  it('leaves other keys alone', () => {
    expect([go(1, 'Enter'), go(1, '7'), go(1, 'ArrowRight', true)]).toEqual([null, null, null]);
  });
});
