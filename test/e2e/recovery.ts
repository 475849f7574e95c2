import path from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'vitest';
import { Studio } from './harness.ts';
import { main, SLOW } from './steps.ts';
import { en } from './words.ts';

/** What the store of a project's folder holds now, whoever writes to it. */
export function rowsOf<Row>(project: string, query: string): Row[] {
  const db = new Database(path.join(project, 'project.sqlite'), { readonly: true });
  try {
    return db.prepare(query).all() as Row[];
  } finally {
    db.close();
  }
}

/** After the engine was killed: the window says so and what is kept, and goes on with one click. */
export async function goOn(studio: Studio, kept: string): Promise<void> {
  const { page } = studio;
  const banner = page.getByRole('alert').filter({ hasText: en.shell.engine.stopped('SIGKILL') });
  await banner.waitFor();
  expect(await banner.textContent()).toContain(kept);
  expect(studio.enginePid()).toBeNull();
  await banner.getByRole('button', { name: en.shell.engine.restart }).click();
  await banner.waitFor({ state: 'hidden', timeout: SLOW });
  await page.getByText(en.shell.engine.back).waitFor();
  expect(studio.enginePid()).not.toBeNull();
}

/** Starts the studio where an earlier window was closed, and opens the project again that it had. */
export async function startAgain(home: string, project: string): Promise<Studio> {
  const studio = await Studio.launch(home);
  await main(studio.page)
    .getByRole('button', { name: new RegExp(`^${project}\\b`) })
    .click();
  await main(studio.page).getByRole('heading', { level: 1, name: project }).waitFor();
  return studio;
}
