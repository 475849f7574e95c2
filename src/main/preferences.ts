import fs from 'node:fs';
import path from 'node:path';

/** The part of the user's settings that the system's own surfaces follow. The engine writes the file. */
export interface Preferences {
  language: 'en' | 'zh-CN' | null;
  theme: 'system' | 'light' | 'dark';
}

const FILE = 'settings.json';

/** What is missing or damaged counts as not set. */
export function readPreferences(userData: string): Preferences {
  let found: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(fs.readFileSync(path.join(userData, FILE), 'utf8'));
    if (typeof parsed === 'object' && parsed !== null) found = parsed;
  } catch {
    // First start, or not JSON.
  }
  const { language, theme } = found;
  return {
    language: language === 'en' || language === 'zh-CN' ? language : null,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
  };
}

/** Calls back when the settings were written; the folder is watched because the file is replaced whole. */
export function watchPreferences(userData: string, onChange: (preferences: Preferences) => void): void {
  let last = JSON.stringify(readPreferences(userData));
  const watcher = fs.watch(userData, { persistent: false }, (_event, name) => {
    if (name !== FILE) return;
    const preferences = readPreferences(userData);
    const now = JSON.stringify(preferences);
    if (now === last) return;
    last = now;
    onChange(preferences);
  });
  watcher.on('error', (error) => console.error(error));
}
