import fs from 'node:fs/promises';
import { constants } from 'node:fs';

const ACCESS = constants.O_WRONLY | constants.O_RDWR;

/**
 * Of some files, by their paths without links, those that a process has open for writing; of other users' processes only root is told. Empty where the system does not
 * say so.
 */
export async function openWriters(files: ReadonlySet<string>): Promise<Set<string>> {
  const found = new Set<string>();
  if (process.platform !== 'linux') return found;
  const processes = await fs.readdir('/proc').catch(() => []);
  for (const id of processes) {
    if (!/^\d+$/.test(id)) continue;
    const handles = await fs.readdir(`/proc/${id}/fd`).catch(() => []);
    for (const handle of handles) {
      const file = await fs.readlink(`/proc/${id}/fd/${handle}`).catch(() => '');
      if (!files.has(file) || found.has(file)) continue;
      const info = await fs.readFile(`/proc/${id}/fdinfo/${handle}`, 'utf8').catch(() => '');
      const flags = parseInt(/^flags:\s*([0-7]+)/m.exec(info)?.[1] ?? '0', 8);
      if ((flags & ACCESS) !== 0) found.add(file);
    }
  }
  return found;
}
