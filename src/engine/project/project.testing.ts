import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { createProject, type Project } from './store.ts';

/**
 * A project of its own for each test, in a folder that goes with it. `opened` takes it over; `current` says which is open at the end, since a test
 * may have closed it and opened it anew.
 */
export function projectForEach(
  opened: (project: Project, folder: string) => void,
  current: () => Project,
): void {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-project-'));
    opened(createProject(folder, 'x'), folder);
  });
  afterEach(() => {
    current().close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
}
