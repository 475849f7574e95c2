import { BrowserWindow, session } from 'electron';
import { secureSession } from './security.ts';

/** Chromium takes no address beyond 2 MiB. */
const LONGEST = 2 * 1024 * 1024 - 1_000;
const PREFIX = 'data:text/html;charset=utf-8;base64,';

/** Whether a page can be printed: it stands alone, and is not too long. */
export const isPrintable = (html: unknown): html is string =>
  typeof html === 'string' && PREFIX.length + (4 * Buffer.byteLength(html)) / 3 < LONGEST;

/**
 * A page that stands alone as a PDF, A4. It is laid out in a window that nobody sees, without scripts, in a session of its own that reaches
 * nothing.
 */
export async function printPdf(html: string): Promise<Uint8Array> {
  const apart = session.fromPartition('print');
  secureSession(apart);
  const window = new BrowserWindow({
    show: false,
    webPreferences: {
      session: apart,
      javascript: false,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  try {
    await window.loadURL(PREFIX + Buffer.from(html).toString('base64'));
    return await window.webContents.printToPDF({ pageSize: 'A4', printBackground: true });
  } finally {
    window.destroy();
  }
}
