import { screen, type BrowserWindow, type Rectangle } from 'electron';
import fs from 'node:fs';
import path from 'node:path';

interface Saved extends Rectangle {
  maximized: boolean;
}

const FILE = 'window.json';
const INITIAL = { width: 1280, height: 800 };
export const MINIMUM = { width: 1024, height: 700 };

/** Where the window was when it was closed, if a screen still shows that place. */
export function readBounds(userData: string): Partial<Saved> & typeof INITIAL {
  try {
    const saved = JSON.parse(fs.readFileSync(path.join(userData, FILE), 'utf8')) as Saved;
    const numbers = [saved.x, saved.y, saved.width, saved.height];
    if (!numbers.every(Number.isSafeInteger)) return INITIAL;
    const { workArea } = screen.getDisplayMatching(saved);
    const visible =
      saved.x < workArea.x + workArea.width &&
      saved.y < workArea.y + workArea.height &&
      saved.x + saved.width > workArea.x &&
      saved.y >= workArea.y;
    return visible ? saved : { ...INITIAL, maximized: saved.maximized === true };
  } catch {
    return INITIAL;
  }
}

export function saveBounds(userData: string, window: BrowserWindow): void {
  const saved: Saved = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    fs.writeFileSync(path.join(userData, FILE), JSON.stringify(saved));
  } catch (error) {
    console.error(error);
  }
}
