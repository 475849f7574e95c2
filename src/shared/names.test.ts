import { describe, expect, it } from 'vitest';
import { nameFromFolder } from './names.ts';

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
