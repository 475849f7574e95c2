import fs from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../shared/errors.ts';

/**
 * Throws `folder-empty` for a folder with no file in it or below it, before a batch is made of that. Looks no further than the first
 * file; what cannot be looked into counts as one, the batch will say why.
 */
export async function checkNotEmpty(folder: string): Promise<void> {
  const unseen = [folder];
  for (let next = unseen.pop(); next !== undefined; next = unseen.pop()) {
    try {
      for await (const entry of await fs.opendir(next)) {
        if (!entry.isDirectory()) return;
        unseen.push(path.join(next, entry.name));
      }
    } catch {
      return;
    }
  }
  throw new StudioError('folder-empty', { folder });
}
