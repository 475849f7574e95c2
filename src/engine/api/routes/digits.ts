import { normalisationStepsOf, renderOriginal } from '../../images/original.ts';
import { joinBytes } from '../../files/names.ts';
import { digitDetail } from '../../review/detail.ts';
import { digitPage } from '../../review/page.ts';
import { sourceFile } from '../../review/refs.ts';
import { os } from '../context.ts';

export const digits = {
  page: os.digits.page.handler(({ context: { engine }, input: { query, offset, limit } }) => {
    const page = digitPage(engine.open.db, query, offset, limit);
    return { ...page, pixels: new Blob([page.pixels]) };
  }),
  detail: os.digits.detail.handler(({ context: { engine }, input }) =>
    digitDetail(engine.open.db, input.ref),
  ),
  normalisation: os.digits.normalisation.handler(async ({ context: { engine }, input }) => {
    const file = sourceFile(engine.open.db, input.ref);
    if (!file) return [];
    const steps = await normalisationStepsOf(joinBytes(file.root, file.path), file.recipe);
    return steps.map(({ pixels, ...step }) => ({ ...step, pixels: new Blob([Uint8Array.from(pixels)]) }));
  }),
  original: os.digits.original.handler(async ({ context: { engine }, input }) => {
    const file = sourceFile(engine.open.db, input.ref);
    if (!file) return null;
    const png = await renderOriginal(joinBytes(file.root, file.path));
    return new Blob([Uint8Array.from(png)], { type: 'image/png' });
  }),
};
