import type { FolderPurpose, GrantedPath, PathAnswer, StudioBridge } from '../../shared/bridge.ts';
import { StudioError } from '../../shared/errors.ts';

declare global {
  interface Window {
    studio?: StudioBridge;
  }
}

/** The preload's bridge for the pages: a path that cannot serve is thrown as the error that says why; null when the user gave up. */
interface Bridge extends Omit<
  StudioBridge,
  'pickFolder' | 'pickSaveFile' | 'pickSaveFolder' | 'grantDropped'
> {
  pickFolder(purpose: FolderPurpose): Promise<GrantedPath | null>;
  pickSaveFile(suggestedName: string): Promise<GrantedPath | null>;
  pickSaveFolder(suggestedName: string): Promise<GrantedPath | null>;
  grantDropped(file: File): Promise<GrantedPath | null>;
}

/** Opened by `serve` in a browser: no dialogs, no Electron, folders come from `system.roots`. */
export const served = window.studio === undefined;

const platform = /mac/i.test(navigator.platform)
  ? 'darwin'
  : /win/i.test(navigator.platform)
    ? 'win32'
    : 'linux';

/** Without dialogs every choice is "none". It has no `pickSaveFile`, `pickSaveFolder` and `printPdf`: pages hide what would need them. */
const browserBridge: Omit<Bridge, 'pickSaveFile' | 'pickSaveFolder' | 'printPdf'> = {
  platform,
  runtime: { electron: null, standIn: false },
  pickFolder: () => Promise.resolve(null),
  grantDropped: () => Promise.resolve(null),
  showBadFile: () => Promise.resolve(false),
  connect: () => undefined,
  restartEngine: () => Promise.resolve(),
  onEngineState: () => () => undefined,
};

/** Throws the error that a refusal stands for. */
async function granted(asked: Promise<PathAnswer>): Promise<GrantedPath | null> {
  const answer = await asked;
  if (answer !== null && 'refused' in answer)
    throw new StudioError(answer.refused.code, answer.refused.params);
  return answer;
}

const windowBridge = (studio: StudioBridge): Bridge => ({
  ...studio,
  pickFolder: (purpose) => granted(studio.pickFolder(purpose)),
  pickSaveFile: (suggestedName) => granted(studio.pickSaveFile(suggestedName)),
  pickSaveFolder: (suggestedName) => granted(studio.pickSaveFolder(suggestedName)),
  grantDropped: (file) => granted(studio.grantDropped(file)),
});

export const bridge: Bridge = window.studio ? windowBridge(window.studio) : (browserBridge as Bridge);
export const isMac = bridge.platform === 'darwin';
