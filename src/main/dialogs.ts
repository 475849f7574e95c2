import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import fs from 'node:fs';
import path from 'node:path';
import { saveTypes, type FolderPurpose, type SaveType } from '../shared/bridge.ts';
import type { NativeMessages } from './messages.ts';

/** The folder that the user chose; null when they gave up. */
export async function pickFolder(
  window: BrowserWindow,
  purpose: FolderPurpose,
  { dialogs }: NativeMessages,
): Promise<string | null> {
  const options: Record<FolderPurpose, OpenDialogOptions> = {
    'read-folder': { title: dialogs.readFolder, properties: ['openDirectory'] },
    'project-folder': { title: dialogs.projectFolder, properties: ['openDirectory', 'createDirectory'] },
    'write-folder': { title: dialogs.classFolders, properties: ['openDirectory', 'createDirectory'] },
  };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options[purpose]);
  return canceled ? null : (filePaths[0] ?? null);
}

/** What kind of file a name stands for; undefined for one that pages have nothing to do with. */
export const saveTypeOf = (name: string): SaveType | undefined =>
  saveTypes.find((type) => path.extname(name).toLowerCase() === `.${type}`);

/**
 * Where the user wants a file of a type, always with its extension; null when they gave up. The system asks before it is written over
 * another.
 */
export async function pickSaveFile(
  window: BrowserWindow,
  suggestedName: string,
  type: SaveType,
  { dialogs }: NativeMessages,
): Promise<string | null> {
  let defaultPath = path.basename(suggestedName);
  for (;;) {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: dialogs.saveFile,
      defaultPath,
      filters: [{ name: dialogs[type], extensions: [type] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    if (canceled || !filePath) return null;
    if (saveTypeOf(filePath) === type) return filePath;
    // Not every system adds the extension. Of a file that has that name the user was not asked: once more, with the whole name.
    defaultPath = `${filePath}.${type}`;
    if (!fs.existsSync(defaultPath)) return defaultPath;
  }
}

/** Where the user wants a new folder; null when they gave up. */
export async function pickSaveFolder(
  window: BrowserWindow,
  suggestedName: string,
  { dialogs }: NativeMessages,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: dialogs.saveFolder,
    defaultPath: path.basename(suggestedName),
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return canceled || !filePath ? null : filePath;
}

/** Whether to open a page again whose process ended. */
export async function askToOpenAgain(window: BrowserWindow, { dialogs }: NativeMessages): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: dialogs.pageGone,
    detail: dialogs.pageGoneDetail,
    buttons: [dialogs.openAgain, dialogs.quit],
    defaultId: 0,
    cancelId: 1,
  });
  return response === 0;
}
