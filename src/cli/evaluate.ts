import type { ConfusionMatrix } from '../shared/domain.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { evaluateModel } from '../engine/batches/evaluate-model.ts';
import { sourceOf, tellBad } from './digits.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface EvaluateWish {
  model: string;
  data: string;
}

const words = cli.evaluate;

/** `studio evaluate`. Throws what `evaluateModel` throws. */
export async function evaluate({ model, data }: EvaluateWish, session: Session): Promise<Outcome> {
  const { compute, reader, signal, progress } = session;
  const { accuracy, count, confusion, bad } = await evaluateModel({
    modelFolder: model,
    source: sourceOf(data),
    compute,
    reader,
    signal,
    onLoad: (files) => progress.update(() => cli.reading(formats.count(files))),
    onProgress: (done, total) =>
      progress.update(() => words.progress(formats.count(done), formats.count(total))),
  });
  tellBad(bad, progress);
  return {
    text: [
      words.done(formats.percent(accuracy, 2), formats.count(count)),
      words.confusion,
      ...confusionLines(confusion),
    ],
    json: { accuracy, count, confusion, badFiles: bad, model, data },
  };
}

function confusionLines(confusion: ConfusionMatrix): string[] {
  const width = String(Math.max(...confusion.flat())).length + 2;
  const row = (head: string, cells: readonly unknown[]): string =>
    `${head.padStart(3)}${cells.map((cell) => String(cell).padStart(width)).join('')}`;
  return [row('', [...confusion.keys()]), ...confusion.map((cells, label) => row(String(label), cells))];
}
