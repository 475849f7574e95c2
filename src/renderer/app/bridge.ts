import type { StudioBridge } from '../../shared/bridge.ts';

declare global {
  interface Window {
    studio?: StudioBridge;
  }
}

/** Opened by `serve` in a browser: no dialogs, no Electron, folders come from `system.roots`. */
export const served = window.studio === undefined;

const platform = /mac/i.test(navigator.platform)
  ? 'darwin'
  : /win/i.test(navigator.platform)
    ? 'win32'
    : 'linux';

/** Without dialogs every choice is "none". It has no `pickSaveFile`: pages hide what would need it. */
const browserBridge: Omit<StudioBridge, 'pickSaveFile'> = {
  platform,
  runtime: { electron: null, standIn: false },
  pickFolder: () => Promise.resolve(null),
  grantDropped: () => Promise.resolve(null),
  connect: () => undefined,
  restartEngine: () => Promise.resolve(),
  onEngineState: () => () => undefined,
};

export const bridge: StudioBridge = window.studio ?? (browserBridge as StudioBridge);
export const isMac = bridge.platform === 'darwin';
