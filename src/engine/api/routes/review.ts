import { csvTarget, writeTarget } from '../../batches/csv-target.ts';
import { sourceRoots } from '../../batches/csv.ts';
import { ledgerRow } from '../../batches/ledger.ts';
import { writeAudit } from '../../review/audit.ts';
import { confusion } from '../../review/confusion.ts';
import { decide, decisionCounts } from '../../review/decide.ts';
import { suspectedTotal } from '../../review/page.ts';
import { journalHistory, journalState, redoLabel, setLabel, undoLabel } from '../../review/journal.ts';
import { matrixCsv, matrixSvg } from '../../review/export-matrix.ts';
import { PDF_SIGNATURE, writePicture } from '../../training/export.ts';
import { reviewReport } from '../../review/report.ts';
import { keyDigit, keyingState, startKeying, unkeyDigit } from '../../review/second-keying.ts';
import { sessionFigures } from '../../review/session.ts';
import { batchRejectCurve } from '../../review/reject-curve.ts';
import type { JournalState } from '../../../shared/contract/index.ts';
import { os, type EngineContext } from '../context.ts';

/** Labels are counted in data sets and batches too. */
export function changedLabels(engine: EngineContext, state: JournalState): JournalState {
  engine.changed('labels', 'data', 'batches');
  return state;
}

export const review = {
  confusion: os.review.confusion.handler(({ context: { engine }, input }) => {
    const { db } = engine.open;
    return confusion(db, ledgerRow(db, input.batchId).id);
  }),
  exportMatrix: os.review.exportMatrix.handler(async ({ context: { engine }, input }) => {
    const { db } = engine.open;
    const { id, name } = ledgerRow(db, input.batchId);
    const found = confusion(db, id);
    const bytes =
      input.format === 'csv' ? matrixCsv(found.counts) : matrixSvg(name, found, input.mode, input.language);
    const file = engine.grants.resolve(input.file, 'write-file');
    await writeTarget(await csvTarget(file, sourceRoots(db)), Buffer.from(bytes));
    return { file };
  }),
  startKeying: os.review.startKeying.handler(({ context: { engine }, input }) =>
    startKeying(engine.writable.db, input.batchId, input.size),
  ),
  keying: os.review.keying.handler(({ context: { engine }, input }) =>
    keyingState(engine.open.db, input.batchId),
  ),
  key: os.review.key.handler(({ context: { engine }, input }) =>
    keyDigit(engine.writable.db, input.batchId, input.ref, input.label),
  ),
  unkey: os.review.unkey.handler(({ context: { engine }, input }) =>
    unkeyDigit(engine.writable.db, input.batchId),
  ),
  session: os.review.session.handler(({ context: { engine }, input }) =>
    sessionFigures(engine.open.db, input.batchId),
  ),
  report: os.review.report.handler(async ({ context: { engine }, input }) => ({
    html: await reviewReport(engine.open.db, input.batchId, input.language),
  })),
  exportReport: os.review.exportReport.handler(async ({ context: { engine }, input }) => {
    const { db } = engine.open;
    const html = await reviewReport(db, input.batchId, input.language);
    const file = engine.grants.resolve(input.file, 'write-file');
    await writeTarget(await csvTarget(file, sourceRoots(db)), Buffer.from(html));
    return { file };
  }),
  exportPdf: os.review.exportPdf.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    await writePicture(engine.open.db, input.picture, file, PDF_SIGNATURE);
    return { file };
  }),
  exportPng: os.review.exportPng.handler(async ({ context: { engine }, input }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    await writePicture(engine.open.db, input.picture, file);
    return { file };
  }),
  rejectCurve: os.review.rejectCurve.handler(({ context: { engine }, input, signal }) =>
    batchRejectCurve(engine.open.db, input.batchId, signal),
  ),
  setLabel: os.review.setLabel.handler(({ context: { engine }, input }) =>
    changedLabels(engine, setLabel(engine.open.db, input.refs, input.label, input.reason)),
  ),
  decide: os.review.decide.handler(({ context: { engine }, input }) =>
    changedLabels(engine, decide(engine.open.db, input.changes, input.reason)),
  ),
  decisions: os.review.decisions.handler(({ context: { engine }, input }) => {
    const { db } = engine.open;
    const { id, kind } = ledgerRow(db, input.batchId);
    return { ...decisionCounts(db, id), suspected: kind === 'folds' ? suspectedTotal(db, id) : null };
  }),
  undo: os.review.undo.handler(({ context: { engine } }) => changedLabels(engine, undoLabel(engine.open.db))),
  redo: os.review.redo.handler(({ context: { engine } }) => changedLabels(engine, redoLabel(engine.open.db))),
  journal: os.review.journal.handler(({ context: { engine } }) => journalState(engine.open.db)),
  exportAudit: os.review.exportAudit.handler(async ({ context: { engine }, input, signal }) => {
    const file = engine.grants.resolve(input.file, 'write-file');
    return { rows: await writeAudit(engine.open.db, file, signal), file };
  }),
  history: os.review.history.handler(({ context: { engine }, input }) =>
    journalHistory(engine.open.db, input.offset, input.limit),
  ),
};
