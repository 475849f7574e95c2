import { app, BrowserWindow, nativeTheme, session } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import { ENGINE_STATE } from '../shared/ipc.ts';
import { answerPages } from './answers.ts';
import { askToOpenAgain } from './dialogs.ts';
import { Engine } from './engine.ts';
import { Grants } from './grants.ts';
import { locations } from './locations.ts';
import { LogFile } from './log.ts';
import { setMenu } from './menu.ts';
import { nativeMessages } from './messages.ts';
import { readPreferences, watchPreferences } from './preferences.ts';
import { Relay } from './relay.ts';
import { registerScheme, serveScheme } from './scheme.ts';
import { keepOffNetwork, secureContents, secureSession } from './security.ts';
import { openWindow } from './window.ts';

const userData = process.env.LENET_STUDIO_USER_DATA ?? app.getPath('userData');
fs.mkdirSync(userData, { recursive: true });
app.setPath('userData', userData);

// One studio per user's data: the second brings the first to the front.
if (app.requestSingleInstanceLock()) run();
else app.exit(0);

function run(): void {
  const places = locations();
  const options = { userData, mnist: places.mnist, version: app.getVersion() };
  const engine = new Engine(places, options, new LogFile(userData, 'engine'));
  // First of all: its start and Electron's own go on side by side.
  engine.start();
  keepOffNetwork();
  registerScheme();

  const relay = new Relay(engine);
  const messages = () => nativeMessages(readPreferences(userData));
  // The loader is there only in a runtime that set-up has put together.
  const standIn = fs.existsSync(path.join(process.resourcesPath, 'app', 'loader.cjs'));
  const showWindow = (): void => {
    openWindow({ userData, preload: places.preload, standIn });
  };

  app.on('web-contents-created', (_event, contents) => secureContents(contents));
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('activate', () => {
    if (app.isReady() && BrowserWindow.getAllWindows().length === 0) showWindow();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('render-process-gone', (_event, contents, { reason }) => {
    const window = BrowserWindow.fromWebContents(contents);
    if (!window || reason === 'clean-exit') return;
    void askToOpenAgain(window, messages()).then((again) => {
      if (!again) app.quit();
      // The window may have been closed under the question.
      else if (!contents.isDestroyed()) contents.reload();
    });
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    void engine.stop().then(() => app.exit(0));
  });
  engine.on('state', (state) => {
    for (const window of BrowserWindow.getAllWindows()) window.webContents.send(ENGINE_STATE, state);
  });
  answerPages({ engine, relay, grants: new Grants(engine), messages });

  void app.whenReady().then(() => {
    nativeTheme.themeSource = readPreferences(userData).theme;
    secureSession(session.defaultSession);
    serveScheme(session.defaultSession, places.renderer);
    showWindow();
    setMenu(messages());
    watchPreferences(userData, (preferences) => {
      nativeTheme.themeSource = preferences.theme;
      setMenu(nativeMessages(preferences));
    });
  });
}
