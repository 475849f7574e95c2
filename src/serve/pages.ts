import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLocal } from './origin.ts';
import type { Session } from './session.ts';
import { sendPage, sendText } from './static.ts';
import { wordsFor } from './words.ts';

export interface Door {
  session: Session;
  cookieName: string;
}

/** Answers a request: the link's token becomes a cookie, and with the cookie the pages are there. */
export async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { session, cookieName }: Door,
  pages: string,
): Promise<void> {
  if (!isLocal(request)) return sendText(response, 421, '');
  if (request.method !== 'GET') return sendText(response, 405, '', { Allow: 'GET' });
  const url = URL.parse(request.url ?? '', 'http://localhost');
  if (!url) return sendText(response, 400, '');
  const words = wordsFor(request.headers['accept-language']);
  const admitted = session.admits(request.headers.cookie, cookieName);
  const token = url.searchParams.get('token');
  if (token === null)
    return admitted ? sendPage(response, pages, url.pathname) : sendText(response, 401, words.noSession);
  const cookie = admitted ? null : session.exchange(token);
  if (!admitted && cookie === null) return sendText(response, 403, words.linkUsed);
  return sendText(response, 303, '', {
    Location: '/',
    ...(cookie && { 'Set-Cookie': `${cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/` }),
  });
}
