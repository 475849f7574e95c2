import { decideDuplicates } from '../../duplicates/decide.ts';
import { duplicatePage, duplicateSummary } from '../../duplicates/pairs.ts';
import { os } from '../context.ts';
import { startDuplicates } from '../launch-duplicates.ts';

export const duplicates = {
  find: os.duplicates.find.handler(({ context: { engine }, input }) =>
    startDuplicates(engine, input.dataSetId),
  ),
  summary: os.duplicates.summary.handler(({ context: { engine }, input }) =>
    duplicateSummary(engine.open.db, input.dataSetId),
  ),
  page: os.duplicates.page.handler(({ context: { engine }, input: { dataSetId, filter, offset, limit } }) =>
    duplicatePage(engine.open.db, dataSetId, filter, offset, limit),
  ),
  decide: os.duplicates.decide.handler(({ context: { engine }, input }) => {
    const state = decideDuplicates(engine.open.db, input);
    engine.changed('labels', 'data', 'batches');
    return state;
  }),
};
