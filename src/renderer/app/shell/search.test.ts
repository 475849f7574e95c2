import { describe, expect, it } from 'vitest';
import { fits, stepInList } from './search.ts';

describe('the command palette', () => {
  it('finds a title by parts of its words in any order', () => {
    expect(fits('Go to Review', 'rev go')).toBe(true);
    expect(fits('前往“复核”', '复核')).toBe(true);
    expect(fits('Go to Review', 'train')).toBe(false);
    expect(fits('Go to Review', '  ')).toBe(true);
  });
  it('begins again at the end of its list', () => {
    expect(stepInList(2, 1, 3)).toBe(0);
    expect(stepInList(0, -1, 3)).toBe(2);
    expect(stepInList(0, 1, 0)).toBe(0);
  });
});
