import type { EmbeddingMethod } from '../../../shared/contract/index.ts';
import { ledgerRow } from '../../batches/ledger.ts';
import { mapReadings } from '../../embedding/readings.ts';
import { countItems } from '../../embedding/sample.ts';
import type { StoredMap } from '../../embedding/store.ts';
import { modelFolderName } from '../../project/models.ts';
import { os, type EngineContext } from '../context.ts';
import { startMap } from '../launch-map.ts';

const storedMap = (
  engine: EngineContext,
  { batchId, method }: { batchId: number; method: EmbeddingMethod },
): Promise<StoredMap | null> => {
  const { db } = engine.open;
  const model = modelFolderName(db, ledgerRow(db, batchId).modelId);
  return engine.maps.get(engine.open, batchId, method, model);
};

export const embedding = {
  map: os.embedding.map.handler(async ({ context: { engine }, input }) => {
    const map = await storedMap(engine, input);
    if (map === null) return null;
    const { key, digits, features, explained, ids, places } = map;
    return {
      ...{ key, digits, features, explained },
      digitsNow: countItems(engine.open.db, input.batchId),
      ids: new Blob([ids]),
      places: new Blob([places]),
    };
  }),
  readings: os.embedding.readings.handler(async ({ context: { engine }, input }) => {
    const map = await storedMap(engine, input);
    return map === null ? null : mapReadings(engine.open.db, map);
  }),
  make: os.embedding.make.handler(({ context: { engine }, input: { batchId, method } }) =>
    startMap(engine, batchId, method),
  ),
  choose: os.embedding.choose.handler(({ context: { engine }, input: { batchId, ids } }) => {
    const { db } = engine.open;
    return engine.digitLists.chosen.keep(db, ledgerRow(db, batchId).id, ids);
  }),
};
