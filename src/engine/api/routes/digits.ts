import { recordSteps } from '../../datasets/idx-folder.ts';
import { StudioError } from '../../../shared/errors.ts';
import { fileInside } from '../../files/inside.ts';
import { baseName, escapeName, joinBytes } from '../../files/names.ts';
import { isThere } from '../../filing/manifest.ts';
import { orCancelled } from '../../jobs/flow.ts';
import { getModel, modelFolderName } from '../../project/models.ts';
import { changeDigits, selectedIds } from '../../review/bulk.ts';
import { digitDetail } from '../../review/detail.ts';
import { readingsOf } from '../../review/differences.ts';
import { findTarget } from '../../review/journal.ts';
import { digitPage, pageReady } from '../../review/page.ts';
import { digitPlace } from '../../review/list-place.ts';
import { placeOf } from '../../review/place.ts';
import { sourceFile, type SourceFile } from '../../review/refs.ts';
import { listTags } from '../../review/tags.ts';
import { os } from '../context.ts';
import { changedLabels } from './review.ts';

/** Where the file of a digit lies; one that a link leads to only where links are followed. Throws `original-unreadable`, `cancelled`. */
async function fileOf({ root, path, follow }: SourceFile, signal: AbortSignal | undefined): Promise<Buffer> {
  const named = joinBytes(root, path);
  const place = follow ? named : await orCancelled(fileInside(root, path), signal);
  if (place !== null) return place;
  const reason = (await orCancelled(isThere(named), signal)) ? 'outside-folder' : 'vanished';
  throw new StudioError('original-unreadable', { file: escapeName(baseName(path)), reason });
}

export const digits = {
  page: os.digits.page.handler(async ({ context: { engine }, input: { query, offset, limit } }) => {
    await pageReady(engine.open.db, query, offset + limit, engine.digitLists);
    const page = digitPage(engine.open.db, query, offset, limit, engine.digitLists);
    return { ...page, pixels: new Blob([page.pixels]) };
  }),
  detail: os.digits.detail.handler(({ context: { engine }, input }) =>
    digitDetail(engine.open.db, input.ref),
  ),
  placeIn: os.digits.placeIn.handler(({ context: { engine }, input }) => ({
    index: digitPlace(engine.open.db, input.query, input.ref, engine.digitLists),
  })),
  change: os.digits.change.handler(async ({ context: { engine }, input }) => {
    const { db } = engine.open;
    const ids = await selectedIds(db, input.selection, engine.digitLists);
    const result = changeDigits(db, ids, input.change, input.reason);
    changedLabels(engine, result.journal);
    return result;
  }),
  tags: os.digits.tags.handler(({ context: { engine }, input }) => listTags(engine.open.db, input.dataSetId)),
  readings: os.digits.readings.handler(({ context: { engine }, input }) =>
    readingsOf(engine.open.db, input.ref, input.batchIds),
  ),
  place: os.digits.place.handler(({ context: { engine }, input }) => placeOf(engine.open.db, input.ref)),
  neighbours: os.digits.neighbours.handler(async ({ context: { engine }, input, signal }) => {
    const { db, modelFolder } = engine.open;
    const { ref, modelId } = input;
    const { dataSetId } = getModel(db, modelId);
    const tile = new Uint8Array(await digitDetail(db, ref).pixels.arrayBuffer());
    if (dataSetId === null) return null;
    const question = {
      ...{ modelId, modelFolder: modelFolder(modelFolderName(db, modelId)), dataSetId, tile },
      digitId: findTarget(db, ref).digitId,
    };
    return engine.neighbours.find(db, question, signal);
  }),
  normalisation: os.digits.normalisation.handler(async ({ context: { engine }, input, signal }) => {
    const file = sourceFile(engine.open.db, input.ref);
    if (!file) return [];
    const { root, path, recipe, record } = file;
    const steps =
      record === null
        ? await engine.reader.steps(await fileOf(file, signal), recipe, signal, file.follow)
        : await recordSteps(root, path, record, recipe);
    return steps.map(({ pixels, ...step }) => ({ ...step, pixels: new Blob([Uint8Array.from(pixels)]) }));
  }),
  original: os.digits.original.handler(async ({ context: { engine }, input, signal }) => {
    const file = sourceFile(engine.open.db, input.ref);
    if (!file || file.record !== null) return null;
    const png = await engine.reader.original(await fileOf(file, signal), signal, file.follow);
    return new Blob([Uint8Array.from(png)], { type: 'image/png' });
  }),
  box: os.digits.box.handler(async ({ context: { engine }, input, signal }) => {
    const file = sourceFile(engine.open.db, input.ref);
    if (!file || file.record !== null) return null;
    return engine.reader.box(await fileOf(file, signal), file.recipe, signal, file.follow);
  }),
};
