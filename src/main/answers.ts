import { BrowserWindow, shell, type WebContents } from 'electron';
import type { PathAnswer, PathPurpose } from '../shared/bridge.ts';
import { ENGINE_STATE } from '../shared/ipc.ts';
import { pickFolder, pickSaveFile, pickSaveFolder, saveTypeOf } from './dialogs.ts';
import type { Engine } from './engine.ts';
import type { Grants } from './grants.ts';
import { answer } from './ipc.ts';
import type { NativeMessages } from './messages.ts';
import { isPrintable, printPdf } from './print.ts';
import type { Relay } from './relay.ts';

interface Parts {
  engine: Engine;
  relay: Relay;
  grants: Grants;
  messages: () => NativeMessages;
}

/** Everything that a page can ask of main. */
export function answerPages({ engine, relay, grants, messages }: Parts): void {
  const granted = (path: string | null, purpose: PathPurpose): Promise<PathAnswer> =>
    path === null ? Promise.resolve(null) : grants.grant(path, purpose);

  answer('studio:connect', (page) => {
    page.send(ENGINE_STATE, engine.state);
    relay.connect(page);
  });
  answer('studio:restart-engine', () => engine.start());
  answer('studio:pick-folder', async (page, purpose) => {
    if (purpose !== 'read-folder' && purpose !== 'project-folder' && purpose !== 'write-folder')
      throw new TypeError('purpose');
    return granted(await pickFolder(windowOf(page), purpose, messages()), purpose);
  });
  answer('studio:pick-save-file', async (page, suggestedName) => {
    if (typeof suggestedName !== 'string') throw new TypeError('suggestedName');
    const type = saveTypeOf(suggestedName);
    if (type === undefined) throw new TypeError('suggestedName');
    return granted(await pickSaveFile(windowOf(page), suggestedName, type, messages()), 'write-file');
  });
  answer('studio:pick-save-folder', async (page, suggestedName) => {
    if (typeof suggestedName !== 'string') throw new TypeError('suggestedName');
    return granted(await pickSaveFolder(windowOf(page), suggestedName, messages()), 'write-folder');
  });
  answer('studio:print-pdf', (_page, html) => {
    if (!isPrintable(html)) throw new TypeError('html');
    return printPdf(html);
  });
  answer('studio:grant-dropped', (_page, path) => {
    if (typeof path !== 'string' || path === '') return null;
    return grants.grant(path, 'read-folder');
  });
  answer('studio:show-bad-file', async (_page, badFile) => {
    if (!Number.isSafeInteger(badFile)) throw new TypeError('badFile');
    const path = await grants.locate(badFile as number);
    if (path !== null) shell.showItemInFolder(path);
    return path !== null;
  });
}

function windowOf(page: WebContents): BrowserWindow {
  const window = BrowserWindow.fromWebContents(page);
  if (!window) throw new Error('no window');
  return window;
}
