import fs from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Contract } from '../shared/contract/index.ts';
import { CONTENT_SECURITY_POLICY } from '../shared/pages.ts';
import { serve, type ServeOptions, type Serving } from './serve.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const PAGE = '<!doctype html><title>pages</title>';
const SECRET = 'not for browsers';

let home: string;
let options: ServeOptions;
let serving: Serving;
let link: URL;

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-serve-')));
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(home, name)), { recursive: true });
    fs.writeFileSync(path.join(home, name), text);
  };
  write('pages/index.html', PAGE);
  write('pages/assets/a.js', 'let a;');
  write('secret.js', SECRET);
  write('pages-beside/secret.js', SECRET);
  fs.symlinkSync('../secret.js', path.join(home, 'pages/link.js'));
  for (const folder of ['user', 'scans/7', 'projects', 'elsewhere'])
    fs.mkdirSync(path.join(home, folder), { recursive: true });
  fs.copyFileSync(path.join(import.meta.dirname, 'serve.ts'), path.join(home, 'scans/7/not-an-image.png'));
  options = {
    userData: path.join(home, 'user'),
    mnist: path.join(home, 'mnist'),
    version: '0.1.0',
    pages: path.join(home, 'pages'),
    port: 0,
    roots: [path.join(home, 'scans'), path.join(home, 'projects')],
  };
  serving = await serve(options);
  link = new URL(serving.url);
});
afterAll(async () => {
  await serving.close();
  fs.rmSync(home, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

/** A request as it is written: `fetch` would tidy the path and refuse to name another host. */
async function ask(where: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const request = http.request({ host: '127.0.0.1', port: link.port, path: where, headers, method });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const text = (await response.setEncoding('utf8').toArray()).join('');
  return { status: response.statusCode!, headers: response.headers, text };
}

/** The cookie, for which the link's token has been given by the first test that asks. */
let cookie: Promise<string> | undefined;
const session = (): Promise<string> =>
  (cookie ??= ask(link.pathname + link.search).then(
    ({ headers }) => headers['set-cookie']![0]!.split(';')[0]!,
  ));

describe('the link', () => {
  it('is needed', async () => {
    expect((await ask('/')).status).toBe(401);
    expect((await ask('/assets/a.js')).status).toBe(401);
  });

  it.each(['', 'x', 'A'.repeat(43)])('does not open with another token: “%s”', async (token) => {
    const { status, headers } = await ask(`/?token=${token}`);
    expect(status).toBe(403);
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('opens once: its token becomes a cookie that no script and no other site can use', async () => {
    const first = await ask(link.pathname + link.search);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [given, ...attributes] = first.headers['set-cookie']![0]!.split('; ');
    expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Strict']);
    expect(given).not.toContain(link.searchParams.get('token'));
    cookie = Promise.resolve(given!);

    const second = await ask(link.pathname + link.search);
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
  });

  it('leads whoever is in already to the pages', async () => {
    const again = await ask(link.pathname + link.search, { cookie: await session() });
    expect([again.status, again.headers.location]).toEqual([303, '/']);
  });
});

describe('the pages', () => {
  it('are there with the cookie, under the strict policy, and are kept nowhere', async () => {
    const { status, headers, text } = await ask('/', { cookie: await session() });
    expect([status, text]).toEqual([200, PAGE]);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-store');
    const script = await ask('/assets/a.js', { cookie: await session() });
    expect([script.status, script.text]).toEqual([200, 'let a;']);
  });

  it.each([
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/assets/..%2f..%2fsecret.js',
    '/..%5csecret.js',
    '/../pages-beside/secret.js',
    '/%2fetc%2fpasswd',
    '//etc/passwd',
    '/link.js',
    '/index.html%00.js',
    '/assets',
    '/missing.js',
    '/%E0%A4%A.js',
  ])('are all there is: %s', async (where) => {
    const { status, text } = await ask(where, { cookie: await session() });
    expect([status, text]).toEqual([404, '']);
  });

  it('are not for the cookie of another server', async () => {
    const other = await serve({ ...options, userData: path.join(home, 'other'), roots: [] });
    try {
      const { port } = new URL(other.url);
      const renamed = (await session()).replace(`studio-${link.port}`, `studio-${port}`);
      for (const headers of [{ cookie: await session() }, { cookie: renamed }]) {
        const answer = await fetch(new URL('/', other.url), { headers });
        expect(answer.status).toBe(401);
      }
    } finally {
      await other.close();
    }
  });

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])('answer no %s', async (method) => {
    const { status, headers } = await ask('/', { cookie: await session() }, method);
    expect([status, headers.allow]).toEqual([405, 'GET']);
  });

  it.each(['evil.example', `evil.example:80`, '127.0.0.1.evil.example', '0.0.0.0', '[::1]'])(
    'are not for a host called %s',
    async (host) => {
      for (const where of ['/', '/assets/a.js', link.pathname + link.search]) {
        const { status, headers, text } = await ask(where, { cookie: await session(), host });
        expect([status, headers['set-cookie'], text]).toEqual([421, undefined, '']);
      }
    },
  );
});

describe('the line to the engine', () => {
  interface Attempt {
    host?: string;
    origin?: string;
    cookie?: string;
    where?: string;
  }

  /** Resolves with the open line, or with the status of the refusal. */
  function dial({ where = '/rpc', ...headers }: Attempt): Promise<WebSocket | number> {
    const socket = new WebSocket(`ws://127.0.0.1:${link.port}${where}`, { headers: { ...headers } });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!));
      socket.once('error', reject);
    });
  }

  const own = async (): Promise<Required<Pick<Attempt, 'origin' | 'cookie'>>> => ({
    origin: link.origin,
    cookie: await session(),
  });

  it.each<[string, Attempt]>([
    ['without a cookie', { cookie: '' }],
    ['with a made-up cookie', { cookie: 'studio=1' }],
    ['from another site', { origin: 'http://evil.example' }],
    ['from another port', { origin: 'http://127.0.0.1:1' }],
    ['from a page without an origin', { origin: 'null' }],
    ['from no page', { origin: '' }],
    ['to another host', { host: 'evil.example', origin: 'http://evil.example' }],
    ['to another path', { where: '/' }],
  ])('is refused %s', async (_, attempt) => {
    expect(await dial({ ...(await own()), ...attempt })).toBe(403);
  });

  describe('that is open', () => {
    let socket: WebSocket;
    let client: ContractRouterClient<Contract>;
    beforeAll(async () => {
      const line = await dial(await own());
      if (typeof line === 'number') throw new Error(`refused: ${line}`);
      socket = line;
      client = createORPCClient(new RPCLink({ websocket: line as unknown as globalThis.WebSocket }));
    });
    afterAll(() => socket.close());

    it('answers calls', async () => {
      expect(await client.system.info()).toMatchObject({ version: options.version });
    });

    it('offers the folders of the command line, and takes no other', async () => {
      const roots = await client.system.roots();
      expect(roots.map(({ display }) => display)).toEqual(options.roots);
      const [scans, projects] = [roots[0]!, roots[1]!];

      const seen = [];
      for await (const progress of await client.data.scan({ source: scans.id })) seen.push(progress);
      expect(seen.length).toBeGreaterThan(0);
      await client.project.create({ folder: projects.id, name: 'Served' });
      expect(fs.existsSync(path.join(home, 'projects/project.sqlite'))).toBe(true);

      const elsewhere = path.join(home, 'elsewhere');
      for (const folder of [
        elsewhere,
        `${projects.id}/../elsewhere`,
        'path-00000000000000000000000000000000',
      ])
        await expect(client.project.create({ folder, name: 'x' })).rejects.toMatchObject({
          data: { code: expect.stringMatching(/^(path-not-granted|bad-request)$/) as string },
        });
      expect(fs.readdirSync(elsewhere)).toEqual([]);
    });

    it('writes no file: no root may be written to by name', async () => {
      const [scans] = await client.system.roots();
      await expect(
        client.batches.export({ batchId: 1, file: scans!.id, format: 'csv' }),
      ).rejects.toMatchObject({
        data: { code: 'path-not-granted' },
      });
    });
  });
});

describe('the port', () => {
  const reach = (host: string, port: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = net.connect({ host, port });
      socket.once('connect', () => {
        socket.destroy();
        resolve('reached');
      });
      socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
    });

  it('is open on loopback alone', async () => {
    const port = Number(link.port);
    expect(await reach('127.0.0.1', port)).toBe('reached');
    const addresses = Object.values(os.networkInterfaces())
      .flatMap((known) => known ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1' && !address.startsWith('fe80'));
    // All of 127/8 is this machine; a server on 0.0.0.0 answers there.
    for (const address of [...addresses, '127.0.0.2', '::1'])
      expect(await reach(address, port), address).not.toBe('reached');
  });

  it('says when another has it', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(serve({ ...options, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    other.close();
  });

  it('is not opened for a root that cannot be read', async () => {
    const roots = [path.join(home, 'nowhere')];
    await expect(serve({ ...options, roots })).rejects.toMatchObject({ code: 'folder-unreadable' });
  });

  it('is free after the end', async () => {
    const short = await serve({ ...options, userData: path.join(home, 'short'), roots: [] });
    const port = Number(new URL(short.url).port);
    await short.close();
    expect(await reach('127.0.0.1', port)).toBe('ECONNREFUSED');
  });
});
