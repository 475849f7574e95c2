import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Studio } from '../e2e/harness.ts';
import { CONTENT_SECURITY_POLICY, PAGE_ORIGIN } from '../../src/shared/pages.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await Studio.launch();
});
afterAll(() => studio?.close());

describe('the window', () => {
  it('is sandboxed and isolated, without Node', async () => {
    const preferences = await studio.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return (window!.webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    expect(preferences).not.toMatchObject({ webviewTag: true });
  });

  it('runs its renderer in the operating system’s sandbox', async () => {
    const commandLine = await studio.app.evaluate(({ app }) => app.commandLine.hasSwitch('no-sandbox'));
    expect(commandLine).toBe(process.getuid?.() === 0);
  });

  it('has nothing of Node or Electron in its page', async () => {
    const found = await studio.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  it('gives its page the bridge and no more', async () => {
    const surface = await studio.page.evaluate(() =>
      Object.fromEntries(
        Object.entries((globalThis as unknown as { studio: object }).studio).map(([name, value]) => [
          name,
          typeof value,
        ]),
      ),
    );
    expect(surface).toEqual({
      platform: 'string',
      runtime: 'object',
      pickFolder: 'function',
      pickSaveFile: 'function',
      pickSaveFolder: 'function',
      printPdf: 'function',
      grantDropped: 'function',
      showBadFile: 'function',
      connect: 'function',
      restartEngine: 'function',
      onEngineState: 'function',
    });
  });

  it('cannot be given another bridge by its page', async () => {
    const result = await studio.page.evaluate(() => {
      const before = (globalThis as unknown as { studio: { connect: unknown } }).studio;
      try {
        before.connect = () => undefined;
        (globalThis as unknown as { studio: unknown }).studio = null;
      } catch {
        // In strict mode the attempt throws.
      }
      return (globalThis as unknown as { studio: unknown }).studio === before;
    });
    expect(result).toBe(true);
  });

  it('is served its pages with the strict policy', async () => {
    const headers = await studio.app.evaluate(async ({ net }, url) => {
      const response = await net.fetch(url);
      return Object.fromEntries(response.headers);
    }, `${PAGE_ORIGIN}/`);
    expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('runs no inline or evaluated code', async () => {
    const ran = await studio.page.evaluate(async () => {
      const ran: string[] = [];
      const script = document.createElement('script');
      script.textContent = 'globalThis.inlineRan = true';
      document.head.append(script);
      const handler = document.createElement('button');
      handler.setAttribute('onclick', 'globalThis.inlineRan = true');
      handler.click();
      if ('inlineRan' in globalThis) ran.push('inline');
      const source = URL.createObjectURL(
        new Blob(['globalThis.blobRan = true'], { type: 'text/javascript' }),
      );
      const blob = document.createElement('script');
      blob.src = source;
      document.head.append(blob);
      await new Promise((resolve) => setTimeout(resolve, 300));
      if ('blobRan' in globalThis) ran.push('blob');
      script.remove();
      blob.remove();
      return ran;
    });
    expect(ran).toEqual([]);
  });
});
