import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { EngineState, StudioBridge } from '../shared/bridge.ts';
import { ENGINE_STATE, PORT, STAND_IN_ARGUMENT, type IpcCalls, type IpcChannel } from '../shared/ipc.ts';

function ask<Channel extends IpcChannel>(
  channel: Channel,
  ...input: Parameters<IpcCalls[Channel]>
): Promise<ReturnType<IpcCalls[Channel]>> {
  return ipcRenderer.invoke(channel, ...input);
}

/**
 * Electron 32 and later keep the path from the page; before, a file carries it. Empty for what is no file on disk: a page can make up an
 * object with a path, but not a file.
 */
function pathOf(file: unknown): string {
  if (!(file instanceof File)) return '';
  const utilities = webUtils as typeof webUtils | undefined;
  return utilities ? utilities.getPathForFile(file) : ((file as File & { path?: string }).path ?? '');
}

let engineState: EngineState = { state: 'starting' };
const listeners = new Set<(state: EngineState) => void>();
ipcRenderer.on(ENGINE_STATE, (_event, state: EngineState) => {
  engineState = state;
  for (const listener of listeners) listener(state);
});

// The bridge cannot carry a port; a window message can, and only pages of the same origin get it.
ipcRenderer.on(PORT, ({ ports }) => window.postMessage(PORT, location.origin, ports));

const studio: StudioBridge = {
  platform: process.platform,
  runtime: {
    electron: process.versions.electron ?? null,
    standIn: process.argv.includes(STAND_IN_ARGUMENT),
  },
  pickFolder: (purpose) => ask('studio:pick-folder', purpose),
  pickSaveFile: (suggestedName) => ask('studio:pick-save-file', suggestedName),
  pickSaveFolder: (suggestedName) => ask('studio:pick-save-folder', suggestedName),
  printPdf: (html) => ask('studio:print-pdf', html),
  grantDropped: (file) => ask('studio:grant-dropped', pathOf(file)),
  showBadFile: (badFile) => ask('studio:show-bad-file', badFile),
  connect: () => void ask('studio:connect'),
  restartEngine: () => ask('studio:restart-engine'),
  onEngineState(listener) {
    listeners.add(listener);
    listener(engineState);
    return () => void listeners.delete(listener);
  },
};

contextBridge.exposeInMainWorld('studio', studio);
