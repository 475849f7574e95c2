import { addDigits, addableDigits } from '../../versions/add.ts';
import { commitVersion, dataVersions, discardChanges } from '../../versions/versions.ts';
import { os } from '../context.ts';
import { changedLabels } from './review.ts';

export const versions = {
  list: os.versions.list.handler(({ context: { engine }, input }) =>
    dataVersions(engine.open.db, input.dataSetId),
  ),
  commit: os.versions.commit.handler(({ context: { engine }, input }) =>
    changedLabels(engine, commitVersion(engine.open.db, input.dataSetId, input.name)),
  ),
  discard: os.versions.discard.handler(({ context: { engine }, input }) =>
    changedLabels(engine, discardChanges(engine.open.db, input.dataSetId)),
  ),
  addable: os.versions.addable.handler(({ context: { engine }, input }) =>
    addableDigits(engine.open.db, input.batchId, input.dataSetId),
  ),
  add: os.versions.add.handler(({ context: { engine }, input }) =>
    changedLabels(engine, addDigits(engine.open.db, input.batchId, input.dataSetId)),
  ),
};
