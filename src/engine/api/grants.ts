import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { GrantedPath, PathPurpose } from '../../shared/bridge.ts';
import { StudioError } from '../../shared/errors.ts';
import { realFolder } from '../project/real-folder.ts';

interface Grant {
  path: string;
  purposes: ReadonlySet<PathPurpose>;
}

/**
 * The paths that a user chose, in a dialog, by a drop or on the command line. Clients name them by opaque ids; links are resolved when
 * the path is granted, so that a later change of a link leads nowhere else.
 */
export class PathGrants {
  readonly #grants = new Map<string, Grant>();

  /** Throws `folder-unreadable` or `cannot-write` when the path cannot serve that purpose. */
  async grant(chosen: string, ...purposes: PathPurpose[]): Promise<GrantedPath> {
    const real = purposes.some((purpose) => purpose === 'write-file' || purpose === 'write-folder')
      ? await realTarget(chosen)
      : await realFolder(chosen);
    const id = `path-${randomBytes(16).toString('hex')}`;
    this.#grants.set(id, { path: real, purposes: new Set(purposes) });
    return { id, display: real };
  }

  /** The path behind an id. Throws `path-not-granted`, also when it was granted for something else. */
  resolve(id: string, purpose: PathPurpose): string {
    const grant = this.#grants.get(id);
    if (!grant?.purposes.has(purpose)) throw new StudioError('path-not-granted');
    return grant.path;
  }
}

async function realTarget(chosen: string): Promise<string> {
  const file = path.resolve(chosen);
  try {
    return path.join(await fs.realpath(path.dirname(file)), path.basename(file));
  } catch (error) {
    throw new StudioError('cannot-write', {
      file: chosen,
      detail: (error as NodeJS.ErrnoException).code ?? '',
    });
  }
}
