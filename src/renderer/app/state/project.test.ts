import { beforeEach, expect, it } from 'vitest';
import type { ProjectInfo } from '../../../shared/contract/index.ts';
import { classifySetup } from '../../pages/classify/setup.svelte.ts';
import { recipe } from '../../pages/train/recipe.svelte.ts';
import { project } from './project.svelte.ts';

const info = (id: string): ProjectInfo => ({
  id,
  name: id,
  folder: `/home/${id}`,
  schemaVersion: 1,
  createdAt: '1998-11-01T00:00:00.000Z',
  readOnly: false,
});

beforeEach(() => {
  project.current = info('first');
  Object.assign(classifySetup, { batchId: 3, modelId: 2, name: 'scans', status: 'failed', search: 'a' });
  Object.assign(recipe, { dataSetId: 4, runId: 5, name: 'run' });
  recipe.draft.epochs = '7';
});

it('what was chosen in a project is forgotten with it', () => {
  project.current = info('second');
  const setup = {
    folder: null,
    modelId: null,
    reject: null,
    tuning: null,
    name: null,
    batchId: null,
    status: null,
    search: '',
    only: null,
    charts: false,
    watch: false,
    followLinks: false,
  };
  expect({ ...classifySetup }).toEqual(setup);
  expect(recipe).toMatchObject({ dataSetId: null, runId: null, name: null });
  expect(recipe.draft.epochs).toBe('7');
  classifySetup.batchId = 1;
  project.current = null;
  expect(classifySetup.batchId).toBeNull();
});

it('nothing is forgotten when the same project is read again', () => {
  project.current = { ...info('first'), name: 'renamed' };
  expect(classifySetup).toMatchObject({ batchId: 3, modelId: 2, search: 'a' });
  expect(recipe).toMatchObject({ dataSetId: 4, runId: 5, name: 'run' });
});
