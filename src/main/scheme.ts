import { protocol, type Session } from 'electron';
import fs from 'node:fs/promises';
import path from 'node:path';
import { contentType, PAGE_HEADERS, PAGE_HOST, PAGE_SCHEME, pageSegments } from '../shared/pages.ts';

/** Before the app is ready: pages of the scheme get an origin, a secure context and nothing else. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PAGE_SCHEME, privileges: { standard: true, secure: true, codeCache: true } },
  ]);
}

/** Serves the files below `folder` to the session's pages, and answers 404 to everything else. */
export function serveScheme(session: Session, folder: string): void {
  session.protocol.handle(PAGE_SCHEME, async ({ url, method }) => {
    const body = method === 'GET' ? await readPage(folder, new URL(url)) : null;
    if (!body) return new Response(null, { status: 404, headers: PAGE_HEADERS });
    return new Response(body.bytes, { headers: { ...PAGE_HEADERS, 'Content-Type': body.type } });
  });
}

interface Page {
  bytes: Uint8Array<ArrayBuffer>;
  type: string;
}

async function readPage(folder: string, url: URL): Promise<Page | null> {
  const segments = url.host === PAGE_HOST ? pageSegments(url.pathname) : null;
  const type = contentType(segments?.at(-1) ?? '');
  if (!segments || !type) return null;
  try {
    const root = await fs.realpath(folder);
    const file = await fs.realpath(path.join(root, ...segments));
    return file.startsWith(root + path.sep) ? { bytes: await fs.readFile(file), type } : null;
  } catch {
    return null;
  }
}
