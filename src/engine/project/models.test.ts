import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import { sampleCard } from '../api/test-support.ts';
import { addFolderBatch } from '../batches/ledger.ts';
import { getBatch, removeBatch } from '../batches/store.ts';
import { addModel, listModels, removeModel } from './models.ts';
import { purge, purgeModels } from './purge.ts';
import { single } from './sqlite.ts';
import { createProject, type Project } from './store.ts';

let home: string;
let project: Project;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-models-'));
  project = createProject(path.join(home, 'project'), 'x');
});
afterEach(() => {
  project.close();
  fs.rmSync(home, { recursive: true, force: true });
});

/** A model in a folder of that name, which lies under models/ or wherever the name leads. */
function newModel(name: string = randomUUID()): { id: number; folder: string } {
  const folder = project.modelFolder(name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'weights.bin'), 'weights');
  return { id: addModel(project.db, sampleCard(), name, null), folder };
}

const rows = (): number => single(project.db, 'SELECT COUNT(*) FROM model');

describe('a removed model', () => {
  it('loses its files and its row, and no other model does', async () => {
    const [gone, kept] = [newModel(), newModel()];
    removeModel(project.db, gone.id);
    expect(listModels(project.db).map(({ id }) => id)).toEqual([kept.id]);
    await purgeModels(project);
    expect([fs.existsSync(gone.folder), fs.existsSync(kept.folder), rows()]).toEqual([false, true, 1]);
  });

  it('stays as a name as long as a batch points to it', async () => {
    const { db } = project;
    const { id: modelId, folder } = newModel();
    const root = Buffer.from('/scans');
    const batch = addFolderBatch(db, { name: 'b', source: '', root, modelId, recipe: defaultRecipe });
    removeModel(db, modelId);
    await purgeModels(project);
    expect(fs.existsSync(folder)).toBe(false);
    expect(getBatch(db, batch)).toMatchObject({ modelId, modelName: sampleCard().name });
    removeBatch(db, batch);
    await purge(db);
    await purgeModels(project);
    expect(rows()).toBe(0);
  });

  it('takes nothing with it from elsewhere, whatever its folder is called', async () => {
    for (const name of ['../../letters', '..', 'sub/../../../letters', '.'])
      removeModel(project.db, newModel(name).id);
    await purgeModels(project);
    expect(fs.readdirSync(path.join(home, 'letters'))).toEqual(['weights.bin']);
    expect(fs.existsSync(project.modelFolder('.'))).toBe(true);
    expect(rows()).toBe(0);
  });
});
