import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { recentProject } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';
import { isProject } from '../project/store.ts';
import { JsonFile } from './json-file.ts';

const recentFile = z.object({
  /** The project that is open, or was when the engine died. */
  open: z.string().nullable(),
  projects: z.array(z.object({ folder: z.string(), name: z.string(), openedAt: z.string() })),
});

const KEPT = 20;
const idOf = (folder: string): string => createHash('sha256').update(folder).digest('hex').slice(0, 16);

/** Projects that were opened, newest first, and which one is open now. */
export class RecentProjects {
  readonly #file: JsonFile<typeof recentFile>;

  constructor(userData: string) {
    this.#file = new JsonFile(path.join(userData, 'recent.json'), recentFile, { open: null, projects: [] });
  }

  list(): z.output<typeof recentProject>[] {
    return this.#file.value.projects.map((project) => ({
      ...project,
      id: idOf(project.folder),
      exists: isProject(project.folder),
    }));
  }

  /** Throws `unknown-id`. */
  folderOf(id: string): string {
    const known = this.#file.value.projects.find(({ folder }) => idOf(folder) === id);
    if (!known) throw new StudioError('unknown-id', { kind: 'project', id });
    return known.folder;
  }

  /** Folder of the project that was open when the engine ended without closing it. */
  get leftOpen(): string | null {
    return this.#file.value.open;
  }

  async opened(folder: string, name: string): Promise<void> {
    const others = this.#file.value.projects.filter((project) => project.folder !== folder);
    const projects = [{ folder, name, openedAt: new Date().toISOString() }, ...others].slice(0, KEPT);
    await this.#file.write({ open: folder, projects });
  }

  async closed(): Promise<void> {
    await this.#file.write({ ...this.#file.value, open: null });
  }

  async forget(id: string): Promise<void> {
    const projects = this.#file.value.projects.filter(({ folder }) => idOf(folder) !== id);
    await this.#file.write({ ...this.#file.value, projects });
  }
}
