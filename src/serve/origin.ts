import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/**
 * Whether a request names this machine by a loopback name. A page of another site whose name was made to point here (DNS
 * rebinding) still names its own.
 */
export function isLocal({ headers }: IncomingMessage): boolean {
  return LOOPBACK.test(headers.host ?? '');
}

/** Whether a request comes from a page that this server gave out. Browsers always say where a WebSocket comes from. */
export function isSameOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}`;
}
