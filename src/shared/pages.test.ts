import { describe, expect, it } from 'vitest';
import { CONTENT_SECURITY_POLICY, contentType, pageSegments } from './pages.ts';

describe('pageSegments', () => {
  it('names files below the folder', () => {
    expect(pageSegments('/')).toEqual(['index.html']);
    expect(pageSegments('/assets/a%20b.js')).toEqual(['assets', 'a b.js']);
  });

  it.each([
    '/../secret',
    '/%2e%2e/secret',
    '/a/..%2f..%2fsecret',
    '/..%5csecret',
    '/a\\..\\secret',
    '/C:/secret',
    '/a%00.js',
    '/%E0%A4%A',
    '/./a.js',
  ])('refuses %s', (pathname) => expect(pageSegments(pathname)).toBeNull());
});

it('serves nothing of an unknown type', () => {
  expect(contentType('index.html')).toMatch(/^text\/html/);
  expect(contentType('index.js.map')).toBeNull();
  expect(contentType('passwd')).toBeNull();
});

it('has no policy that lets foreign, inline or evaluated code in', () => {
  expect(CONTENT_SECURITY_POLICY).toMatch(/^default-src 'none';/);
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|https?:|ws:|\*/);
});
