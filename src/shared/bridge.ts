import type { ErrorCode, ErrorParams } from './errors.ts';

/**
 * The small contract between main (or any other parent) and the engine process, beside the relayed frames. Messages go
 * over the child-process channel with structured clone.
 */
export type PathPurpose = 'read-folder' | 'project-folder' | 'write-file' | 'write-folder';

/** What a folder can be chosen for. */
export type FolderPurpose = Exclude<PathPurpose, 'write-file'>;

export interface GrantedPath {
  /** Opaque; the only thing the window gets to name the path with. */
  id: string;
  /** For the eye. */
  display: string;
}

/** A path that cannot serve its purpose. Not thrown: of an error only the message would cross the window's bridge. */
export interface RefusedPath {
  refused: { code: ErrorCode; params: ErrorParams };
}

/** Null when the user gave up. */
export type PathAnswer = GrantedPath | RefusedPath | null;

export type ToEngine =
  | { kind: 'open-client'; client: number }
  | { kind: 'frame'; client: number; data: string | Uint8Array }
  | { kind: 'close-client'; client: number }
  | { kind: 'grant'; request: number; path: string; purpose: PathPurpose }
  /** Where a file lies that a data set left out, by its row. */
  | { kind: 'locate'; request: number; badFile: number }
  | { kind: 'shutdown' };

export type FromEngine =
  | { kind: 'ready' }
  | { kind: 'frame'; client: number; data: string | Uint8Array }
  | { kind: 'granted'; request: number; path: GrantedPath }
  /** Null: not there, or not within the folder that was imported. */
  | { kind: 'located'; request: number; path: string | null }
  | { kind: 'refused'; request: number; error: RefusedPath['refused'] };

/** What the engine is started with, as one JSON argument. */
export interface EngineOptions {
  /** Settings, recent projects, the sample project. */
  userData: string;
  /** Where MNIST's four files lie. */
  mnist: string;
  version: string;
  /** For tests: milliseconds between two checkpoints in the middle of an epoch. */
  checkpointInterval?: number | undefined;
}

/** How the window sees the engine process. */
export type EngineState = { state: 'starting' | 'running' } | { state: 'stopped'; detail: string };

/** Files that pages may ask to save, by extension. */
export const saveTypes = [
  'csv',
  'jsonl',
  'parquet',
  'onnx',
  'md',
  'json',
  'svg',
  'png',
  'html',
  'pdf',
] as const;
export type SaveType = (typeof saveTypes)[number];

/** What the preload puts on `window.studio`; `serve` gives its pages the same shape without dialogs. */
export interface StudioBridge {
  readonly platform: string;
  readonly runtime: { electron: string | null; standIn: boolean };
  /** Asks for a folder. */
  pickFolder(purpose: FolderPurpose): Promise<PathAnswer>;
  /** By the name's extension: one of `saveTypes`. */
  pickSaveFile(suggestedName: string): Promise<PathAnswer>;
  /** For a folder that is to be written as a whole. */
  pickSaveFolder(suggestedName: string): Promise<PathAnswer>;
  /** A page that stands alone, HTML without scripts, as the bytes of a PDF. */
  printPdf(html: string): Promise<Uint8Array>;
  /** For a folder dropped on the page. */
  grantDropped(file: File): Promise<PathAnswer>;
  /** Shows a file that a data set left out, by its row, in the system's file manager; false when it is not there. */
  showBadFile(badFile: number): Promise<boolean>;
  /** The MessagePort to the engine arrives as a window message `studio:port`; call this to ask for a (new) one. */
  connect(): void;
  restartEngine(): Promise<void>;
  onEngineState(listener: (state: EngineState) => void): () => void;
}
