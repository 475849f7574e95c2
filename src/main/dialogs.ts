import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import fs from 'node:fs';
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

/** What the studio saves outside of projects, by extension. */
const kinds = ['csv', 'png'] as const;

/**
 * Where the user wants a file of the kind that its suggested name has, a CSV by default, always with its extension; null when they gave up. The system asks before it is written over
 * another.
 */
export async function pickSaveFile(
  window: BrowserWindow,
  suggestedName: string,
  { dialogs }: NativeMessages,
): Promise<string | null> {
  let defaultPath = path.basename(suggestedName);
  const kind = kinds.find((known) => `.${known}` === path.extname(defaultPath).toLowerCase()) ?? 'csv';
  for (;;) {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: dialogs.saveFile,
      defaultPath,
      filters: [{ name: dialogs[kind], extensions: [kind] }],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    });
    if (canceled || !filePath) return null;
    if (path.extname(filePath).toLowerCase() === `.${kind}`) return filePath;
    // Not every system adds the extension. Of a file that has that name the user was not asked: once more, with the whole name.
    defaultPath = `${filePath}.${kind}`;
    if (!fs.existsSync(defaultPath)) return defaultPath;
  }
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
