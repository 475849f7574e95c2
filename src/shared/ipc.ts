import type { EngineState, FolderPurpose, PathAnswer } from './bridge.ts';

/** What the preload asks of main: channel -> call. Nothing else travels between them from the page. */
export interface IpcCalls {
  'studio:pick-folder': (purpose: FolderPurpose) => PathAnswer;
  'studio:pick-save-file': (suggestedName: string) => PathAnswer;
  'studio:pick-save-folder': (suggestedName: string) => PathAnswer;
  'studio:print-pdf': (html: string) => Uint8Array;
  'studio:grant-dropped': (path: string) => PathAnswer;
  'studio:show-bad-file': (badFile: number) => boolean;
  'studio:connect': () => void;
  'studio:restart-engine': () => void;
}
export type IpcChannel = keyof IpcCalls;

/** What main tells the preload. The port comes with no data beside it. */
export interface IpcEvents {
  'studio:port': null;
  'studio:engine-state': EngineState;
}
export const PORT = 'studio:port' satisfies keyof IpcEvents;
export const ENGINE_STATE = 'studio:engine-state' satisfies keyof IpcEvents;

/** On the renderer's command line when a third party's runtime stands in for the official Electron. */
export const STAND_IN_ARGUMENT = '--studio-stand-in';
