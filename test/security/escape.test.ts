import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Studio } from '../e2e/harness.ts';
import { PAGE_ORIGIN } from '../../src/shared/pages.ts';
import { Listener } from './listener.ts';

/** Long enough for a request on loopback to arrive, if one is made. */
const MOMENT = 400;

let studio: Studio;
let listener: Listener;
beforeAll(async () => {
  studio = await Studio.launch();
});
afterAll(() => studio?.close());
beforeEach(async () => {
  listener = new Listener();
  await listener.open();
});
afterEach(() => {
  listener.close();
});

async function expectNobodyCame(): Promise<void> {
  await studio.page.waitForTimeout(MOMENT);
  expect(listener.seen).toEqual([]);
  expect(studio.page.url()).toMatch(new RegExp(`^${PAGE_ORIGIN}/`));
}

/** Proves that the listener would have seen a visitor. */
it('is watched by a listener that works', async () => {
  await fetch(listener.url);
  expect(listener.seen).toEqual(['tcp']);
});

describe('a page that tries to leave', () => {
  it.each([
    'http',
    'file:///etc/passwd',
    'data:text/html,out',
    'about:blank',
    'studio://other/',
    'javascript:void(0)',
  ])('stays where it is: %s', async (target) => {
    await studio.page.evaluate(
      (url) => {
        location.href = url;
      },
      target === 'http' ? listener.url : target,
    );
    await expectNobodyCame();
  });

  it('opens no window', async () => {
    const opened = await studio.page.evaluate((url) => {
      const link = document.createElement('a');
      Object.assign(link, { href: url, target: '_blank', rel: 'opener' });
      document.body.append(link);
      link.click();
      link.remove();
      return window.open(url) !== null;
    }, listener.url);
    expect(opened).toBe(false);
    await expectNobodyCame();
    expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('submits no form, frames no page and refreshes nowhere', async () => {
    await studio.page.evaluate((url) => {
      const form = document.createElement('form');
      form.action = url;
      const frame = document.createElement('iframe');
      frame.src = url;
      const refresh = document.createElement('meta');
      Object.assign(refresh, { httpEquiv: 'refresh', content: `0;url=${url}` });
      document.body.append(form, frame);
      document.head.append(refresh);
      form.submit();
      setTimeout(() => [form, frame, refresh].forEach((element) => element.remove()), 200);
    }, listener.url);
    await expectNobodyCame();
  });

  it('downloads nothing', async () => {
    await studio.page.evaluate(() => {
      const link = document.createElement('a');
      Object.assign(link, { href: URL.createObjectURL(new Blob(['x'])), download: 'x.bin' });
      link.click();
    });
    const started = await studio.app.evaluate(
      ({ session }) =>
        new Promise((resolve) => {
          session.defaultSession.once('will-download', (event) =>
            setTimeout(() => resolve(event.defaultPrevented), 0),
          );
          setTimeout(() => resolve('none'), 300);
        }),
    );
    expect([true, 'none']).toContain(started);
  });
});

describe('a page that tries to reach the network', () => {
  it('gets nothing by any means the platform has', async () => {
    const { host } = new URL(listener.url);
    const answers = await studio.page.evaluate(
      async ({ url, host }) => {
        const outcome = async (attempt: () => unknown): Promise<string> => {
          try {
            await attempt();
            return 'reached';
          } catch {
            return 'refused';
          }
        };
        const loaded = (element: HTMLElement): Promise<void> =>
          new Promise((resolve, reject) => {
            element.onload = () => resolve();
            element.onerror = () => reject(new Error('refused'));
            document.head.append(element);
          });
        const opened = (source: WebSocket | EventSource): Promise<void> =>
          new Promise((resolve, reject) => {
            source.onopen = () => resolve();
            source.onerror = () => reject(new Error('refused'));
          });
        return {
          fetch: await outcome(() => fetch(url, { mode: 'no-cors' })),
          request: await outcome(
            () =>
              new Promise((resolve, reject) => {
                const request = new XMLHttpRequest();
                request.onload = resolve;
                request.onerror = reject;
                request.open('GET', url);
                request.send();
              }),
          ),
          image: await outcome(() => loaded(Object.assign(new Image(), { src: url }))),
          script: await outcome(() => loaded(Object.assign(document.createElement('script'), { src: url }))),
          style: await outcome(() =>
            loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url })),
          ),
          socket: await outcome(() => opened(new WebSocket(`ws://${host}/`))),
          events: await outcome(() => opened(new EventSource(url))),
          worker: await outcome(() => {
            const worker = new Worker(url);
            return new Promise((resolve, reject) => {
              worker.onmessage = resolve;
              worker.onerror = reject;
            });
          }),
        };
      },
      { url: listener.url, host },
    );
    expect(new Set(Object.values(answers)), JSON.stringify(answers)).toEqual(new Set(['refused']));
    await expectNobodyCame();
  });

  it('sends no beacon, no ping, no hint and no WebRTC packet', async () => {
    await studio.page.evaluate(
      async ({ url, port }) => {
        navigator.sendBeacon(url, 'x');
        for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'modulepreload', 'icon']) {
          const link = Object.assign(document.createElement('link'), { rel, href: url });
          document.head.append(link);
          setTimeout(() => link.remove(), 300);
        }
        const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${port}` }] });
        connection.createDataChannel('x');
        await connection.setLocalDescription(await connection.createOffer());
        await new Promise((resolve) => setTimeout(resolve, 500));
        connection.close();
      },
      { url: listener.url, port: listener.port },
    );
    await expectNobodyCame();
  });

  it('would be stopped by the session too, were there no policy', async () => {
    const outcome = await studio.app.evaluate(async ({ BrowserWindow }, url) => {
      const window = new BrowserWindow({ show: false });
      try {
        await window.loadURL(url);
        return 'loaded';
      } catch (error) {
        return String(error);
      } finally {
        window.destroy();
      }
    }, listener.url);
    expect(outcome).toMatch(/ERR_BLOCKED_BY_CLIENT/);
    await expectNobodyCame();
  });
});

describe('a page that tries to read', () => {
  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fpackage.json',
    '/..%2fmain%2findex.cjs',
    '/..%5c..%5cpackage.json',
    '/%2fetc%2fpasswd',
    '/assets/..%2f..%2f..%2fpackage.json',
  ])('finds nothing outside its folder: %s', async (path) => {
    const status = await studio.app.evaluate(
      async ({ net }, url) => (await net.fetch(url)).status,
      PAGE_ORIGIN + path,
    );
    expect(status).toBe(404);
  });

  it('finds its own page, so that the 404s above mean something', async () => {
    const status = await studio.app.evaluate(
      async ({ net }, url) => (await net.fetch(url)).status,
      `${PAGE_ORIGIN}/index.html`,
    );
    expect(status).toBe(200);
  });

  it('reads no file of the disk', async () => {
    const answers = await studio.page.evaluate(async () => {
      const image = (src: string): Promise<string> =>
        new Promise((resolve) => {
          const element = new Image();
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('refused');
          element.src = src;
        });
      const fetched = await fetch('file:///etc/passwd').then(
        () => 'loaded',
        () => 'refused',
      );
      return [fetched, await image('file:///usr/share/pixmaps/debian-logo.png')];
    });
    expect(answers).toEqual(['refused', 'refused']);
  });
});

it('has every permission denied', async () => {
  const answers = await studio.page.evaluate(async () => {
    const outcome = (attempt: () => Promise<unknown>): Promise<string> =>
      attempt().then(String, (error: Error) => error.name);
    const state = (name: string): Promise<string> =>
      navigator.permissions.query({ name: name as PermissionName }).then(
        (status) => status.state,
        (error: Error) => error.name,
      );
    return {
      notification: await Notification.requestPermission(),
      camera: await state('camera'),
      picture: await outcome(() => navigator.mediaDevices.getUserMedia({ video: true })),
      position: await outcome(
        () =>
          new Promise((resolve, reject) =>
            navigator.geolocation.getCurrentPosition(resolve, () => reject(new Error('x'))),
          ),
      ),
      clipboard: await outcome(() => navigator.clipboard.readText()),
      screen: await outcome(() => navigator.mediaDevices.getDisplayMedia()),
      midi: await state('midi'),
      storage: await state('persistent-storage'),
    };
  });
  expect(answers).toMatchObject({
    notification: 'denied',
    camera: 'denied',
    position: 'Error',
    clipboard: 'NotAllowedError',
    midi: 'denied',
  });
  // Without a camera there is nothing that could be denied.
  expect(answers.picture).toMatch(/^Not(Allowed|Found)Error$/);
  expect(answers.screen).toMatch(/Error$/);
  expect(answers.storage).not.toBe('granted');
});
