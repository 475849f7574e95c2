import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const isRoot = process.getuid?.() === 0;

/** What set-up downloads and builds. Root's lies where an unprivileged user can read it: tests run Electron as one. */
export const cache = (() => {
  if (process.env.LENET_STUDIO_CACHE) return path.resolve(process.env.LENET_STUDIO_CACHE);
  if (isRoot && process.platform === 'linux') return '/var/cache/lenet-studio';
  if (process.platform === 'win32' && process.env.LOCALAPPDATA)
    return path.join(process.env.LOCALAPPDATA, 'lenet-studio', 'Cache');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'lenet-studio');
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'lenet-studio');
})();

/** The engine's Node 24: its npm package carries the binary and the headers. */
export const node24Package = path.join(root, 'node_modules', `node-${platformName()}-${process.arch}`);
export const node24 = path.join(node24Package, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

function platformName() {
  return process.platform === 'win32' ? 'win' : process.platform;
}

/** Size and time of a file as one string; null when it is not there. */
export function fingerprint(file) {
  try {
    const { size, mtimeMs } = fs.statSync(file);
    return `${size}@${Math.trunc(mtimeMs)}`;
  } catch {
    return null;
  }
}

/** A fresh folder beside `target`; `commit` moves it there in one step, so a killed set-up leaves no half cache. */
export function staging(target) {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const folder = fs.mkdtempSync(`${target}.part-`);
  fs.chmodSync(folder, 0o755);
  return {
    folder,
    commit() {
      try {
        fs.renameSync(folder, target);
      } catch (error) {
        // Another set-up was quicker: its result is as good.
        if (!fs.existsSync(target)) throw error;
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
    discard() {
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
