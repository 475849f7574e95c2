import { upperBound } from '../shared/confidence/bound.ts';
import type { ConfusionMatrix } from '../shared/domain.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { evaluateModel, type Evaluation } from '../engine/batches/evaluate-model.ts';
import { sourceOf, tellBad } from './digits.ts';
import { promiseLine, rejectOf, unlikeLines, type RejectOptions } from './reject.ts';
import { formats, type Outcome, type Session } from './session.ts';

export interface EvaluateWish extends RejectOptions {
  model: string;
  data: string;
}

const words = cli.evaluate;

/** `studio evaluate`. Throws what `evaluateModel` throws. */
export async function evaluate(wish: EvaluateWish, session: Session): Promise<Outcome> {
  const { model, data } = wish;
  const { compute, reader, signal, progress } = session;
  const { accuracy, count, rejected, likeness, confusion, bad } = await evaluateModel({
    modelFolder: model,
    source: sourceOf(data),
    reject: rejectOf(wish),
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
      ...(rejected ? [promiseLine(rejected.rejection), outcomeLine(rejected, count)] : []),
      ...unlikeLines(likeness),
      words.confusion,
      ...confusionLines(confusion),
    ],
    json: {
      accuracy,
      count,
      confusion,
      badFiles: bad,
      model,
      data,
      threshold: rejected?.rejection.threshold ?? null,
      likeness,
      promise: rejected?.rejection.promise ?? null,
      accepted: rejected?.accepted ?? count,
      errors: rejected?.errors ?? Math.round(count * (1 - accuracy)),
    },
  };
}

function outcomeLine({ accepted, errors }: NonNullable<Evaluation['rejected']>, count: number): string {
  const rejected = formats.percent((count - accepted) / count, 2);
  const of = cli.classify.errorsOf(formats.count(errors), formats.count(accepted));
  return accepted === 0
    ? words.allRejected
    : words.cameOut(
        formats.percent(errors / accepted, 2),
        of,
        formats.percent(upperBound(errors, accepted), 2),
        rejected,
      );
}

function confusionLines(confusion: ConfusionMatrix): string[] {
  const width = String(Math.max(...confusion.flat())).length + 2;
  const row = (head: string, cells: readonly unknown[]): string =>
    `${head.padStart(3)}${cells.map((cell) => String(cell).padStart(width)).join('')}`;
  return [row('', [...confusion.keys()]), ...confusion.map((cells, label) => row(String(label), cells))];
}
