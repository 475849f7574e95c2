import { StudioError } from '../../shared/errors.ts';
import type { CurvePoint } from '../../shared/domain.ts';
import { csvField, sourceRoots } from '../batches/csv.ts';
import { csvTarget, writeTarget } from '../batches/csv-target.ts';
import { getRun, runPoints } from '../project/runs.ts';
import type { Db } from '../project/sqlite.ts';

const HEADER =
  'run,kind,step,epoch,loss,accuracy,lowest_loss,highest_loss,validation_loss,validation_accuracy,seconds\n';

/**
 * Writes the curves of runs as CSV (UTF-8, LF). `steps` rows are means over the steps since the row before, with the least and largest
 * loss among them; `epoch` rows are those of finished epochs. Training losses as the
 * run's parameters name them, validation's cross-entropy in nats, accuracies 0 to 1. Answers the number of rows. Throws
 * `unknown-id`, `cannot-write` (also for a source image's place), `disk-full`.
 */
export async function writeCurves(
  db: Db,
  runIds: readonly number[],
  file: string,
  curveOf: (runId: number) => readonly CurvePoint[] | null,
): Promise<number> {
  const rows = runIds.flatMap((runId) => {
    const { name, epochs, step: last, stepsPerEpoch } = getRun(db, runId);
    const perEpoch = stepsPerEpoch ?? (epochs.length > 0 ? last / epochs.length : 0);
    const row = (...fields: (string | number | null | undefined)[]): string =>
      `${[name, ...fields].map((field) => csvField(String(field ?? ''))).join(',')}\n`;
    return [
      ...(curveOf(runId) ?? runPoints(db, runId)).map(({ step, loss, accuracy, low, high }) =>
        row('steps', step, perEpoch > 0 ? step / perEpoch : null, loss, accuracy, low ?? loss, high ?? loss),
      ),
      ...epochs.map((at) =>
        row(
          ...['epoch', perEpoch > 0 ? Math.round(at.epoch * perEpoch) : null, at.epoch],
          ...[at.trainLoss, at.trainAccuracy, null, null],
          ...[at.validationLoss, at.validationAccuracy, at.seconds],
        ),
      ),
    ];
  });
  await writeTarget(await csvTarget(file, sourceRoots(db)), Buffer.from(HEADER + rows.join('')));
  return rows.length;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** How a PDF begins. */
export const PDF_SIGNATURE = Buffer.from('%PDF-');

/**
 * Writes a picture that the window drew, or what it printed. Throws `bad-request` when it is no PNG, or does not begin with `signature`,
 * `cannot-write` (also for a source image's place), `disk-full`.
 */
export async function writePicture(
  db: Db,
  picture: Blob,
  file: string,
  signature = PNG_SIGNATURE,
): Promise<void> {
  const bytes = Buffer.from(await picture.arrayBuffer());
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new StudioError('bad-request');
  await writeTarget(await csvTarget(file, sourceRoots(db)), bytes);
}
