import fs from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { contentType, PAGE_HEADERS, pageSegments } from '../shared/pages.ts';

const HEADERS = { ...PAGE_HEADERS, 'Cache-Control': 'no-store' };

/** Answers with a file below `folder`, or 404. */
export async function sendPage(response: ServerResponse, folder: string, pathname: string): Promise<void> {
  const segments = pageSegments(pathname);
  const type = contentType(segments?.at(-1) ?? '');
  const bytes = segments && type ? await readBelow(folder, segments) : null;
  if (!bytes) return sendText(response, 404, '');
  response.writeHead(200, { ...HEADERS, 'Content-Type': type!, 'Content-Length': bytes.length });
  response.end(bytes);
}

async function readBelow(folder: string, segments: string[]): Promise<Buffer | null> {
  try {
    const root = await fs.realpath(folder);
    const file = await fs.realpath(path.join(root, ...segments));
    return file.startsWith(root + path.sep) ? await fs.readFile(file) : null;
  } catch {
    return null;
  }
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text && `${text}\n`);
}
