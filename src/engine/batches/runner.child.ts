// A process for the tests to kill: goes on with a batch of a project and tells how far it is.
import { defaultRecipe } from '../../shared/domain.ts';
import { ArithmeticCompute, BytesReader } from '../api/test-support.ts';
import { openProject } from '../project/store.ts';
import { runBatch } from './runner.ts';

const [folder, batchId] = process.argv.slice(2);
const { db } = openProject(folder!);
await runBatch({
  db,
  batchId: Number(batchId),
  compute: new ArithmeticCompute(),
  reader: new BytesReader(3),
  modelFolder: '',
  recipe: defaultRecipe,
  chunk: 16,
  onProgress: ({ done }) => console.warn(done),
});
