import { expect, it } from 'vitest';
import type { ShownDigits } from '../../shared/contract/index.ts';
import { sql } from '../project/sqlite.ts';
import { purge } from '../project/purge.ts';
import { projectForEach } from '../project/project.testing.ts';
import { openProject, type Project } from '../project/store.ts';
import { listViews, removeView, renameView, restoreView, saveView } from './views.ts';

let project: Project;
let folder: string;
projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);

const shown = (zoom: number | null, text = ''): ShownDigits => ({
  ...{ split: 'test', labels: [3, 8], zoom },
  filter: {
    ...{
      text,
      tags: [1],
      status: null,
      ink: { from: 0, to: 50 },
      side: null,
      batchId: null,
      predicted: null,
    },
    ...{ only: null, from: null, to: null, order: 'path', descending: true },
  },
});
const names = (): string[] => listViews(project.db).map(({ name }) => name);
const failure = (work: () => unknown, code: string): void =>
  expect(work).toThrow(expect.objectContaining({ code }));

it('keeps what is shown under a name, over a restart, and takes the name for what is shown later', () => {
  const { id } = saveView(project.db, 'Smudged', shown(2));
  saveView(project.db, 'blank', shown(null));
  project.close();
  project = openProject(folder);
  expect(names()).toEqual(['blank', 'Smudged']);
  expect(listViews(project.db)[1]).toEqual({ id, name: 'Smudged', shown: shown(2) });
  expect(saveView(project.db, 'smudged', shown(4, 'desk')).id).toBe(id);
  expect(listViews(project.db)[1]).toEqual({ id, name: 'smudged', shown: shown(4, 'desk') });
});

it('renames a view, not to the name of another', () => {
  const { id } = saveView(project.db, 'a', shown(2));
  saveView(project.db, 'b', shown(2));
  renameView(project.db, id, 'A');
  renameView(project.db, id, 'c');
  expect(names()).toEqual(['b', 'c']);
  failure(() => renameView(project.db, id, 'B'), 'view-exists');
  failure(() => renameView(project.db, 99, 'z'), 'unknown-id');
});

it('removes a view, and brings it back unless its name is taken, until the project is opened again', async () => {
  const { id } = saveView(project.db, 'a', shown(2));
  removeView(project.db, id);
  expect(names()).toEqual([]);
  failure(() => removeView(project.db, id), 'unknown-id');
  restoreView(project.db, id);
  expect(names()).toEqual(['a']);
  removeView(project.db, id);
  saveView(project.db, 'A', shown(3));
  failure(() => restoreView(project.db, id), 'view-exists');
  await purge(project.db);
  failure(() => restoreView(project.db, id), 'unknown-id');
});

it('leaves out a view that it cannot read', () => {
  saveView(project.db, 'a', shown(2));
  sql(project.db, `INSERT INTO grid_view (name, shown) VALUES ('later', '{"split":"other"}')`).run();
  expect(names()).toEqual(['a']);
});
