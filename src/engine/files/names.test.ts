import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { baseName, escapeName, joinBytes, unescapeName } from './names.ts';

const bytes = (...parts: (string | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))));

describe('escapeName', () => {
  it.each(['7.png', 'a b/ü/数字 7.png', 'new\nline, "quoted" 🙂.png', 'back\\slash', 'C:\\\\x', '\ufeffbom'])(
    'leaves %j as it is',
    (name) => expect(escapeName(Buffer.from(name))).toBe(name),
  );

  it('escapes only the component that is not UTF-8', () => {
    expect(escapeName(bytes('ü\\/a', 0xff, '\\ü/b\\'))).toBe('ü\\/a\\xff\\\\ü/b\\');
  });

  it('escapes a name that looks like an escape', () => {
    expect(escapeName(Buffer.from('\\x41'))).toBe('\\\\x41');
    expect(escapeName(Buffer.from('\\\\x41'))).toBe('\\\\\\\\x41');
  });

  it('tells apart what would read the same', () => {
    const names = [bytes(0xc3), bytes('\\xc3'), bytes('\\\\xc3'), bytes(0xc3, '\\xc3'), bytes('Ã')];
    expect(new Set(names.map(escapeName)).size).toBe(names.length);
  });

  it.each([
    ['a surrogate', bytes(0xed, 0xa0, 0x80)],
    ['an overlong slash', bytes(0xc0, 0xaf)],
    ['a character cut short', bytes('a', 0xe6, 0x95)],
    ['a lone continuation', bytes(0x80, 'z')],
    ['slashes', bytes('//a/', 0xfe, '/')],
    ['nothing', bytes('')],
  ])('gives %s back', (_, name) => expect(unescapeName(escapeName(name))).toEqual(name));

  it('gives any bytes back', () => {
    const awkward = bytes(
      '\\',
      '\\x',
      '/',
      'x',
      'ab12',
      'ü',
      '字',
      '🙂',
      0xff,
      0xc3,
      0xe6,
      0xf0,
      0x80,
      '\n',
      '"',
    );
    for (let round = 0; round < 20_000; round++) {
      const source =
        round % 2 === 0
          ? randomBytes(24)
          : Buffer.from(randomBytes(24).map((b) => awkward[b % awkward.length]!));
      const name = source.subarray(0, round % 25);
      const text = escapeName(name);
      if (!unescapeName(text).equals(name)) expect.fail(`${name.toString('hex')} became ${text}`);
      // What leaves the process as UTF-8 must come back too.
      expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
    }
  });
});

it('joins folder and name without a double slash', () => {
  expect(joinBytes(Buffer.from('/a'), Buffer.from('b/c')).toString()).toBe('/a/b/c');
  expect(joinBytes(Buffer.from('/'), bytes(0xff))).toEqual(bytes('/', 0xff));
});

it('names the last component', () => {
  expect(baseName(Buffer.from('/a/b.png')).toString()).toBe('b.png');
  expect(baseName(Buffer.from('b.png')).toString()).toBe('b.png');
});
