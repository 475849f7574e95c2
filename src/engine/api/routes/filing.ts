import { filingCounts } from '../../filing/plan.ts';
import { listFilings } from '../../filing/store.ts';
import { os } from '../context.ts';
import { goOnFiling, startFiling, undoFiling } from '../launch-filing.ts';

export const filing = {
  counts: os.filing.counts.handler(({ context: { engine }, input }) =>
    filingCounts(engine.open.db, input.batchId),
  ),
  list: os.filing.list.handler(({ context: { engine }, input }) =>
    listFilings(engine.open.db, input.batchId),
  ),
  start: os.filing.start.handler(({ context: { engine }, input }) =>
    startFiling(engine, { ...input, target: engine.grants.resolve(input.target, 'write-folder') }),
  ),
  goOn: os.filing.goOn.handler(({ context: { engine }, input }) => goOnFiling(engine, input.filingId)),
  undo: os.filing.undo.handler(({ context: { engine }, input }) => undoFiling(engine, input.filingId)),
};
