import type { MeasuredSplit } from '../shared/contract/confidence.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { measureFolder } from '../engine/models/measure-folder.ts';
import { readModel } from '../engine/models/store.ts';
import { sourceOf, tellBad } from './digits.ts';
import { confidenceLines } from './models.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface MeasureWish {
  data: string;
  split: MeasuredSplit;
}

const words = cli.measure;

/** `studio measure`. Throws what `measureFolder` throws. */
export async function measure(
  model: string,
  { data, split }: MeasureWish,
  session: Session,
): Promise<Outcome> {
  const { compute, reader, signal, progress } = session;
  const { confidence, bad } = await measureFolder({
    ...{ modelFolder: model, source: sourceOf(data), split, compute, reader, signal },
    onLoad: (files) => progress.update(() => cli.reading(formats.count(files))),
    onProgress: (done, total) =>
      progress.update(() => cli.evaluate.progress(formats.count(done), formats.count(total))),
  });
  tellBad(bad, progress);
  const { card } = await readModel(model);
  const { seen = 'no' } = confidence;
  return {
    text: [
      ...confidenceLines(card).map(([name, value]) => `${name.padEnd(words.width)}${value}`),
      ...(seen === 'no' ? [] : [words.seen[seen]]),
      ...(split === 'test' ? [words.test] : []),
    ],
    json: { model, badFiles: bad, ...confidence, data, name: confidence.data },
  };
}
