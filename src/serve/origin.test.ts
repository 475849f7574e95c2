import type { IncomingMessage } from 'node:http';
import { expect, it } from 'vitest';
import { isLocal, isSameOrigin } from './origin.ts';

const request = (headers: IncomingMessage['headers']) => ({ headers }) as IncomingMessage;

it.each([
  ['127.0.0.1:8000', true],
  ['localhost', true],
  ['localhost:8000', true],
  ['evil.example:8000', false],
  ['127.0.0.1.evil.example', false],
  ['127.0.0.1:80@evil.example', false],
  [undefined, false],
])('host %s: %s', (host, local) => expect(isLocal(request({ host }))).toBe(local));

it('takes WebSockets of its own pages alone', () => {
  const host = 'localhost:8000';
  expect(isSameOrigin(request({ host, origin: 'http://localhost:8000' }))).toBe(true);
  expect(isSameOrigin(request({ host, origin: 'http://localhost:8001' }))).toBe(false);
  expect(isSameOrigin(request({ host, origin: 'null' }))).toBe(false);
  expect(isSameOrigin(request({ host }))).toBe(false);
});
