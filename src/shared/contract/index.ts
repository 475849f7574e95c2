import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  digitLabel,
  distortionParameters,
  fileStatus,
  normalisationChoice,
  trainingParameters,
} from '../domain.ts';
import { reasonCodes } from '../errors.ts';
import { modelInput } from '../models/layers.ts';
import { matrixModes } from '../statistics/matrix.ts';
import { batchSummary, rowFilter } from './batch-results.ts';
import { batchFormat } from './batches.ts';
import { batchLikeness, errorRejectPoint, measuredSplit, rejectWish } from './confidence.ts';
import { digitBox } from './digit-box.ts';
import { digitPlace } from './digit-place.ts';
import * as d from './duplicates.ts';
import { chosenIds, embeddingMap, embeddingMethods, embeddingReadings, selectionId } from './embedding.ts';
import { filing, filingActions, filingCounts, filingWish } from './filing.ts';
import { histograms } from './histograms.ts';
import { inspection, modelInside } from './inspection.ts';
import { keying, MOST_KEYED } from './keying.ts';
import { exportFormat, modelOrigin, shownCard, valueScale } from './model-card.ts';
import { foldWish } from './label-errors.ts';
import {
  decisionChanges,
  itemRef,
  MOST_CHANGED,
  neighbours,
  reviewCounts,
  sessionFigures,
  why,
} from './review.ts';
import * as s from './schemas.ts';
import * as t from './tags.ts';
import * as v from './views.ts';
import { addable, dataVersions } from './versions.ts';

export * from './batch-results.ts';
export * from './batches.ts';
export * from './confidence.ts';
export * from './digit-box.ts';
export * from './digit-place.ts';
export * from './duplicates.ts';
export * from './embedding.ts';
export * from './filing.ts';
export * from './histograms.ts';
export * from './inspection.ts';
export * from './keying.ts';
export * from './model-card.ts';
export * from './review.ts';
export * from './schemas.ts';
export * from './tags.ts';
export * from './views.ts';
export * from './versions.ts';

const name = z.string().trim().min(1).max(120);
const runs = z.array(s.rowId).max(s.MOST_RUNS);
/** Bytes of a picture that the window hands over. */
const LARGEST_PICTURE = 32 * 1024 * 1024;
/** A picture that the window drew, and where it goes. */
const savedPicture = z.object({
  picture: z.instanceof(Blob).refine(({ size }) => size <= LARGEST_PICTURE),
  file: s.pathId,
});
const page = { offset: z.int().min(0), limit: z.int().min(1).max(2000) };

/**
 * Everything a client (window, browser, command line) can ask of the engine. The engine checks every input and
 * answers errors as ORPCError `STUDIO` with `errorData`.
 */
export const contract = oc.errors({ STUDIO: { data: s.errorData } }).router({
  system: {
    info: oc.output(s.systemInfo),
    /** Jobs, changes and vitals from now on. */
    events: oc.output(eventIterator(s.engineEvent)),
    /** Folders that `serve` was started with; empty in the window, which has dialogs. */
    roots: oc.output(z.array(z.object({ id: s.pathId, display: z.string() }))),
  },
  settings: {
    get: oc.output(s.settings),
    set: oc.input(s.settings.partial()).output(s.settings),
  },
  jobs: {
    /** Those of this session, and those of earlier ones that can go on. */
    list: oc.output(z.array(s.job)),
    cancel: oc.input(z.object({ id: z.string() })).output(z.void()),
    /** Makes a training stand still within a second, with a checkpoint of its last step; a batch once what it reads is written. */
    pause: oc.input(z.object({ id: z.string() })).output(z.void()),
    /** Lets a paused training or batch go on. */
    goOn: oc.input(z.object({ id: z.string() })).output(z.void()),
    /**
     * Goes on with a job that was interrupted, cancelled or failed: training from its last checkpoint, a batch from its ledger. A batch
     * waits in the queue while another job computes; one that waits begins now when nothing computes.
     */
    resume: oc.input(z.object({ id: z.string() })).output(s.job),
  },
  project: {
    current: oc.output(s.projectInfo.nullable()),
    recent: oc.output(z.array(s.recentProject)),
    create: oc.input(z.object({ folder: s.pathId, name })).output(s.projectInfo),
    open: oc.input(z.object({ folder: s.pathId })).output(s.projectInfo),
    openRecent: oc.input(z.object({ id: z.string() })).output(s.projectInfo),
    forgetRecent: oc.input(z.object({ id: z.string() })).output(z.void()),
    /** "Try it with MNIST": a project in the user's documents with MNIST in it, opened. */
    sample: oc.output(s.projectInfo),
    close: oc.output(z.void()),
    /** Opens a project that was read-only for changes, once the other studio has closed it. */
    takeOver: oc.output(s.projectInfo),
  },
  data: {
    sets: oc.output(z.array(s.dataSet)),
    scan: oc
      .input(
        z.object({
          source: z.union([z.literal('mnist'), s.pathId]),
          /** Null: labels from the folders, whatever CSV there is. */
          labels: s.csvChoice.nullable().optional(),
        }),
      )
      .output(eventIterator(s.scanProgress)),
    /** `normalisation`: how its pictures become tiles, the usual way when it is left out. */
    import: oc
      .input(z.object({ scanId: z.string(), name, normalisation: normalisationChoice.optional() }))
      .output(s.job),
    remove: oc.input(z.object({ dataSetId: s.rowId })).output(z.void()),
    /** Counts by ink and size; digits of older projects are measured first. */
    histograms: oc.input(z.object({ dataSetId: s.rowId })).output(histograms),
    /** Files of a data set that gave no digit; `reason`: only those of one. */
    bad: oc
      .input(z.object({ dataSetId: s.rowId, reason: z.enum(reasonCodes).optional(), ...page }))
      .output(z.object({ total: z.int(), rows: z.array(s.badFile) })),
    badReasons: oc.input(z.object({ dataSetId: s.rowId })).output(z.array(s.badReason)),
    /** Reads such files again where they lie: one, those of a reason, or all. Those that give a digit now enter the data set. */
    retry: oc
      .input(
        z.object({
          dataSetId: s.rowId,
          fileId: s.rowId.optional(),
          reason: z.enum(reasonCodes).optional(),
        }),
      )
      .output(eventIterator(s.retryProgress)),
  },
  /** Digits of a data set that are there twice, exactly or nearly. */
  duplicates: {
    /** Looks for them in the background. */
    find: oc.input(z.object({ dataSetId: s.rowId })).output(s.job),
    summary: oc.input(z.object({ dataSetId: s.rowId })).output(d.duplicateSummary),
    /** The most alike first. */
    page: oc
      .input(z.object({ dataSetId: s.rowId, filter: d.duplicateFilter, ...page }))
      .output(d.duplicatePage),
    /** One journal entry, so one undo. */
    decide: oc.input(d.duplicateDecision).output(s.journalState),
  },
  /** What persons changed about a data set, kept as named versions of it. */
  versions: {
    list: oc.input(z.object({ dataSetId: s.rowId })).output(dataVersions),
    /** Keeps what is pending as the next version. One journal entry, so one undo. */
    commit: oc.input(z.object({ dataSetId: s.rowId, name })).output(s.journalState),
    /** Takes back all that is pending. One journal entry, so one undo. */
    discard: oc.input(z.object({ dataSetId: s.rowId })).output(s.journalState),
    addable: oc.input(z.object({ batchId: s.rowId, dataSetId: s.rowId })).output(addable),
    /** Takes the digits of a batch over a folder whose label was decided over as training digits. One journal entry, so one undo. */
    add: oc.input(z.object({ batchId: s.rowId, dataSetId: s.rowId })).output(s.journalState),
  },
  digits: {
    page: oc.input(z.object({ query: s.digitQuery, ...page })).output(s.digitPage),
    detail: oc.input(z.object({ ref: s.digitRef })).output(s.digitDetail),
    /** Where a digit of a batch stands in what a query shows, counted from 0; null: it is not among them. */
    placeIn: oc
      .input(z.object({ query: s.batchQuery, ref: itemRef }))
      .output(z.object({ index: z.int().nullable() })),
    /** Changes all digits of a selection. One journal entry, so one undo. */
    change: oc
      .input(z.object({ selection: t.digitSelection, change: t.bulkChange, reason: why }))
      .output(t.bulkResult),
    /** All tags of the project. */
    tags: oc.input(z.object({ dataSetId: s.rowId })).output(z.array(t.tagCount)),
    /** What these batches read in the digit of a data set, in their order. */
    readings: oc
      .input(z.object({ ref: s.digitRef, batchIds: z.array(s.rowId).min(1).max(s.MOST_RUNS) }))
      .output(s.readings),
    /** Where a list shows it; null where it is left out. */
    place: oc.input(z.object({ ref: s.digitRef })).output(digitPlace.nullable()),
    /** The training digits that a model finds most alike; null for a model that was trained elsewhere, or whose data are gone. */
    neighbours: oc.input(z.object({ ref: s.digitRef, modelId: s.rowId })).output(neighbours.nullable()),
    /** How the file became 28 x 28, step by step; empty for digits that came as tiles (IDX). */
    normalisation: oc.input(z.object({ ref: s.digitRef })).output(z.array(s.normalisationStep)),
    /** The original picture as PNG, at most 1600 pixels wide or high; null for IDX. */
    original: oc.input(z.object({ ref: s.digitRef })).output(z.instanceof(Blob).nullable()),
    /** Where in the original picture the digit was found; null where no ink is, and for IDX. */
    box: oc.input(z.object({ ref: s.digitRef })).output(digitBox.nullable()),
  },
  /** The digits of a batch in a plane, by what the model's last layer looks at. */
  embedding: {
    /** Null: it has not been made. */
    map: oc
      .input(z.object({ batchId: s.rowId, method: z.enum(embeddingMethods) }))
      .output(embeddingMap.nullable()),
    /** Null: the map has not been made. */
    readings: oc
      .input(z.object({ batchId: s.rowId, method: z.enum(embeddingMethods) }))
      .output(embeddingReadings.nullable()),
    /** Makes it in the background, anew if it was made. */
    make: oc.input(z.object({ batchId: s.rowId, method: z.enum(embeddingMethods) })).output(s.job),
    /** Keeps digits of a batch, so that a query can show them by this name until the project is closed. */
    choose: oc
      .input(z.object({ batchId: s.rowId, ids: chosenIds }))
      .output(z.object({ selection: selectionId, count: z.int() })),
  },
  /** Named views of the grid. */
  views: {
    list: oc.output(z.array(v.gridView)),
    /** A view of that name becomes it. */
    save: oc.input(z.object({ name: v.viewName, shown: v.shownDigits })).output(v.gridView),
    rename: oc.input(z.object({ viewId: s.rowId, name: v.viewName })).output(z.void()),
    /** Takes it out of the list until the project is opened the next time. */
    remove: oc.input(z.object({ viewId: s.rowId })).output(z.void()),
    restore: oc.input(z.object({ viewId: s.rowId })).output(z.void()),
  },
  training: {
    start: oc
      .input(z.object({ dataSetId: s.rowId, name, parameters: trainingParameters }))
      .output(z.object({ job: s.job, run: s.run })),
    /** Trains with the recipe of a run once more, on its data set as it is now. */
    retrain: oc.input(z.object({ runId: s.rowId, name })).output(z.object({ job: s.job, run: s.run })),
    /** A training digit of each class as it is, then as many distorted ones of each as asked for. */
    previewDistortion: oc
      .input(
        z.object({
          dataSetId: s.rowId,
          parameters: distortionParameters,
          variants: z.int().min(1).max(8),
          seed: trainingParameters.shape.seed.unwrap(),
        }),
      )
      .output(s.distortionPreview),
    runs: oc.output(z.array(s.run)),
    watch: oc.input(z.object({ runId: s.rowId })).output(eventIterator(s.trainEvent)),
    /** Keeps what a user writes about a run. */
    note: oc.input(z.object({ runId: s.rowId, notes: z.string().max(20_000) })).output(z.void()),
    /** Takes a run out of the list until the project is opened the next time; its model stays. Answers when that was. */
    remove: oc.input(z.object({ runId: s.rowId })).output(z.object({ at: z.string() })),
    /** Brings a removed run back. */
    restore: oc.input(z.object({ runId: s.rowId })).output(z.void()),
    /** Runs side by side; null for no test split to read. */
    compare: oc.input(z.object({ runIds: runs.min(2), dataSetId: s.rowId.nullable() })).output(s.comparison),
    /** Writes the curves of runs as CSV to a file the user chose. */
    exportCsv: oc
      .input(z.object({ runIds: runs.min(1), file: s.pathId }))
      .output(z.object({ rows: z.int(), file: z.string() })),
    /** Writes a picture of curves, a PNG, to a file the user chose. */
    exportPng: oc.input(savedPicture).output(z.object({ file: z.string() })),
  },
  models: {
    list: oc.output(z.array(s.model)),
    card: oc.input(z.object({ modelId: s.rowId })).output(shownCard),
    rename: oc.input(z.object({ modelId: s.rowId, name })).output(s.model),
    /** Deletes its files. The batches that it read stay, with its name. */
    remove: oc.input(z.object({ modelId: s.rowId })).output(z.void()),
    /** Writes a model for other programs to a file (`tfjs`: a folder) that the user chose. */
    export: oc
      .input(z.object({ modelId: s.rowId, format: exportFormat, target: s.pathId }))
      .output(z.object({ file: z.string() })),
    /** Takes a model of TensorFlow.js, or a model folder, into the project. `scale` holds where the files state none. */
    import: oc
      .input(z.object({ folder: s.pathId, name, scale: valueScale.optional() }))
      .output(z.object({ model: s.model, origin: modelOrigin, input: modelInput })),
    /** What it is made of: layers and weights. */
    architecture: oc.input(z.object({ modelId: s.rowId })).output(modelInside),
    /** How it reads one digit, layer by layer; `target` null: saliency of the class that it answers. */
    inspect: oc
      .input(z.object({ modelId: s.rowId, ref: s.digitRef, target: digitLabel.nullable() }))
      .output(inspection),
    /** Measures its confidences on labelled digits and writes that into it; what was measured before is replaced. */
    measure: oc.input(z.object({ modelId: s.rowId, dataSetId: s.rowId, split: measuredSplit })).output(s.job),
    /** Writes the drawing of its architecture as SVG to a file the user chose; never over the source images. */
    exportDrawing: oc
      .input(z.object({ modelId: s.rowId, file: s.pathId, language: z.enum(s.languages) }))
      .output(z.object({ file: z.string() })),
  },
  batches: {
    list: oc.output(z.array(s.batch)),
    /** Waits in the queue while another job computes. */
    classify: oc
      .input(
        z.object({
          folder: s.pathId,
          modelId: s.rowId,
          name,
          reject: rejectWish.optional(),
          watch: z.boolean().optional(),
          followLinks: z.boolean().optional(),
        }),
      )
      .output(z.object({ job: s.job, batch: s.batch })),
    /** Watches its folder for files that come later, holds that or ends it. */
    watch: oc.input(z.object({ batchId: s.rowId, watch: s.batch.shape.watch })).output(s.batch),
    /**
     * Classifies the folder of a batch again, with the same model: files that have not changed by size and time are taken over, those that
     * have are read again with a note, new ones are added, and those that are gone are skipped and say so. What is rejected is taken over
     * too, unless `reject` says otherwise; null: nothing.
     */
    again: oc
      .input(z.object({ batchId: s.rowId, name, reject: rejectWish.nullable().optional() }))
      .output(z.object({ job: s.job, batch: s.batch })),
    /** Reads a data set's test split with a model, so that it can be reviewed like any batch. */
    evaluate: oc
      .input(z.object({ dataSetId: s.rowId, modelId: s.rowId, reject: rejectWish.optional() }))
      .output(z.object({ job: s.job, batch: s.batch })),
    /** Reads a data set's training digits by models that have not seen them, trained as the named one was, and ranks suspected label errors. */
    findLabelErrors: oc
      .input(z.object({ dataSetId: s.rowId, modelId: s.rowId, ...foldWish }))
      .output(z.object({ job: s.job, batch: s.batch })),
    rows: oc
      .input(
        z.object({
          batchId: s.rowId,
          status: fileStatus.optional(),
          /** Part of the path. */
          text: z.string().max(200).optional(),
          filter: rowFilter.optional(),
          ...page,
        }),
      )
      .output(z.object({ total: z.int(), rows: z.array(s.fileRow) })),
    /** Counts by folder, digit, confidence and course. */
    summary: oc.input(z.object({ batchId: s.rowId })).output(batchSummary),
    /** Null: there is nothing to compare with. */
    likeness: oc.input(z.object({ batchId: s.rowId })).output(batchLikeness.nullable()),
    /** Writes the batch's rows to a file the user chose; never over the source images. */
    export: oc
      .input(z.object({ batchId: s.rowId, file: s.pathId, format: batchFormat }))
      .output(z.object({ rows: z.int(), file: z.string() })),
    remove: oc.input(z.object({ batchId: s.rowId })).output(z.void()),
  },
  /** Copies or moves the files of a batch into class folders, and takes that back. */
  filing: {
    /** What would go where. */
    counts: oc.input(z.object({ batchId: s.rowId })).output(filingCounts),
    /** Newest first. */
    list: oc.input(z.object({ batchId: s.rowId })).output(z.array(filing)),
    start: oc
      .input(
        z.object({ batchId: s.rowId, action: z.enum(filingActions), parts: filingWish, target: s.pathId }),
      )
      .output(z.object({ job: s.job, filing })),
    /** Goes on with one that stopped half way. */
    goOn: oc.input(z.object({ filingId: s.rowId })).output(s.job),
    /** Takes one back, from wherever it stands. */
    undo: oc.input(z.object({ filingId: s.rowId })).output(s.job),
  },
  review: {
    confusion: oc.input(z.object({ batchId: s.rowId })).output(s.confusion),
    /** Writes the matrix to a file the user chose; never over the source images. `mode` is what the cells of the drawing show. */
    exportMatrix: oc
      .input(
        z.object({
          batchId: s.rowId,
          file: s.pathId,
          format: z.enum(['svg', 'csv']),
          mode: z.enum(matrixModes),
          language: z.enum(s.languages),
        }),
      )
      .output(z.object({ file: z.string() })),
    /** Double keying: a sample is keyed again by a second person who does not see what was decided. */
    startKeying: oc
      .input(z.object({ batchId: s.rowId, size: z.int().min(1).max(MOST_KEYED) }))
      .output(keying),
    keying: oc.input(z.object({ batchId: s.rowId })).output(keying),
    /** Null: no digit. */
    key: oc.input(z.object({ batchId: s.rowId, ref: itemRef, label: digitLabel.nullable() })).output(keying),
    /** Takes the last key back. */
    unkey: oc.input(z.object({ batchId: s.rowId })).output(keying),
    session: oc.input(z.object({ batchId: s.rowId })).output(sessionFigures),
    /** A batch and its review as an HTML page that stands alone. */
    report: oc
      .input(z.object({ batchId: s.rowId, language: z.enum(s.languages) }))
      .output(z.object({ html: z.string() })),
    /** Writes that page to a file the user chose; never over the source images. */
    exportReport: oc
      .input(z.object({ batchId: s.rowId, file: s.pathId, language: z.enum(s.languages) }))
      .output(z.object({ file: z.string() })),
    /** Writes that page as the window printed it, a PDF. */
    exportPdf: oc.input(savedPicture).output(z.object({ file: z.string() })),
    /** Writes a picture of the matrix, a PNG, to a file the user chose. */
    exportPng: oc.input(savedPicture).output(z.object({ file: z.string() })),
    /** Of its labelled digits, by their labels as they are now; empty without any. */
    rejectCurve: oc.input(z.object({ batchId: s.rowId })).output(z.array(errorRejectPoint)),
    /** Sets the label of digits; null takes it away. One journal entry, so one undo. */
    setLabel: oc
      .input(
        z.object({
          refs: z.array(s.digitRef).min(1).max(MOST_CHANGED),
          label: digitLabel.nullable(),
          reason: why,
        }),
      )
      .output(s.journalState),
    /** Decides about digits of batches. One journal entry, so one undo. */
    decide: oc.input(z.object({ changes: decisionChanges, reason: why })).output(s.journalState),
    decisions: oc.input(z.object({ batchId: s.rowId })).output(reviewCounts),
    undo: oc.output(s.journalState),
    redo: oc.output(s.journalState),
    journal: oc.output(s.journalState),
    /** Writes who changed what, when and why, as CSV to a file the user chose; never over the source images. */
    exportAudit: oc.input(z.object({ file: s.pathId })).output(z.object({ rows: z.int(), file: z.string() })),
    history: oc.input(z.object(page)).output(z.object({ total: z.int(), entries: z.array(s.journalEntry) })),
  },
});
export type Contract = typeof contract;
