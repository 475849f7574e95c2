import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';
import { STAND_IN_ARGUMENT } from '../shared/ipc.ts';
import { PAGE_ORIGIN } from '../shared/pages.ts';
import { MINIMUM, readBounds, saveBounds } from './bounds.ts';
import { isOwnPage } from './security.ts';

/** The pages' own background, so that nothing flashes before they are drawn. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#0f1216' : '#f6f7f9');

interface WindowOptions {
  userData: string;
  preload: string;
  standIn: boolean;
}

/** The studio's one window, shown when its page has been drawn. */
export function openWindow({ userData, preload, standIn }: WindowOptions): BrowserWindow {
  const { maximized, ...bounds } = readBounds(userData);
  const options: BrowserWindowConstructorOptions = {
    ...bounds,
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: {
      preload,
      additionalArguments: standIn ? [STAND_IN_ARGUMENT] : [],
      spellcheck: false,
      navigateOnDragDrop: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
    },
  };
  const window = new BrowserWindow(options);
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.on('close', () => saveBounds(userData, window));
  const onTheme = (): void => window.setBackgroundColor(background());
  nativeTheme.on('updated', onTheme);
  window.once('closed', () => nativeTheme.off('updated', onTheme));
  const open = (): void => void window.loadURL(`${PAGE_ORIGIN}/`);
  // Chromium asks nobody before it goes to about:blank.
  window.webContents.on('did-navigate', (_event, url) => {
    if (!isOwnPage(url)) open();
  });
  open();
  return window;
}
