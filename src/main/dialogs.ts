import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import path from 'node:path';
import type { NativeMessages } from './messages.ts';

/** The folder that the user chose; null when they gave up. */
export async function pickFolder(
  window: BrowserWindow,
  purpose: 'read-folder' | 'project-folder',
  { dialogs }: NativeMessages,
): Promise<string | null> {
  const options: OpenDialogOptions =
    purpose === 'read-folder'
      ? { title: dialogs.readFolder, properties: ['openDirectory'] }
      : { title: dialogs.projectFolder, properties: ['openDirectory', 'createDirectory'] };
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

/** Where the user wants a CSV file; null when they gave up. The system asks before it is written over another. */
export async function pickSaveFile(
  window: BrowserWindow,
  suggestedName: string,
  { dialogs }: NativeMessages,
): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    title: dialogs.saveFile,
    defaultPath: path.basename(suggestedName),
    filters: [{ name: dialogs.csv, extensions: ['csv'] }],
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
