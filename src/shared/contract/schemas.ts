import { z } from 'zod';
import {
  curvePoint,
  digitLabel,
  epochMetrics,
  fileStatus,
  normalisationChoice,
  split,
  trainingParameters,
} from '../domain.ts';
import { errorCodes, reasonCodes } from '../errors.ts';
import { rejection } from './confidence.ts';
import { selectionId } from './embedding.ts';
import { decisions } from './review.ts';
import { changeKinds } from './versions.ts';

const params = z.record(z.string(), z.union([z.string(), z.number()]));
export const reason = z.object({ code: z.enum(reasonCodes), params: params.optional() });
export const errorData = z.object({ code: z.enum(errorCodes), params });

/** An opaque id that the engine gave out for a path the user chose (dialog, drop, command line). */
export const pathId = z.string().regex(/^path-[0-9a-f]{32}$/);
/** Stands for one digit of a data set (`d12`) or of a batch (`i34`). */
export const digitRef = z.string().regex(/^[di][1-9][0-9]{0,15}$/);
export const rowId = z.int().positive();

export const jobKinds = [
  'import',
  'train',
  'classify',
  'evaluate',
  'folds',
  'measure',
  'duplicates',
  'filing',
  'export',
  'map',
] as const;
export const runStates = ['running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
/** `queued`: a batch that begins when the one before it has ended. */
export const jobStates = ['queued', ...runStates] as const;
export const job = z.object({
  id: z.string(),
  kind: z.enum(jobKinds),
  /** The user's name for it: data set, run or batch. */
  title: z.string(),
  state: z.enum(jobStates),
  /** It runs, but stands still until it is told to go on. */
  paused: z.boolean(),
  /** Units done and in all (files or epochs x steps); total 0 while it is not known. */
  done: z.number(),
  total: z.number(),
  unit: z.enum(['files', 'images']),
  /** Units per second, recent. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  error: errorData.nullable(),
  /** The run, batch, model or data set that it works on. */
  subject: rowId,
  startedAt: z.string(),
});
export type Job = z.infer<typeof job>;

export const topics = ['project', 'data', 'runs', 'models', 'batches', 'labels', 'views'] as const;
export const engineEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job }),
  /** Something in these rooms changed: read it again. */
  z.object({ type: z.literal('changed'), topics: z.array(z.enum(topics)) }),
  z.object({ type: z.literal('vitals'), memoryBytes: z.number() }),
]);
export type EngineEvent = z.infer<typeof engineEvent>;

export const systemInfo = z.object({
  version: z.string(),
  node: z.string(),
  /** Null while the computing process has not been asked yet or cannot load it. */
  tensorflow: z.string().nullable(),
  threads: z.object({ intraOp: z.int(), interOp: z.int() }),
  sqlite: z.string(),
  sharp: z.string(),
  platform: z.string(),
  /** Where settings, recent projects and the sample project lie; for the eye only. */
  userData: z.string(),
});
export type SystemInfo = z.infer<typeof systemInfo>;

export const projectInfo = z.object({
  id: z.string(),
  name: z.string(),
  /** For the eye only; no call takes it back. */
  folder: z.string(),
  schemaVersion: z.int(),
  createdAt: z.string(),
  /** Another studio has it open: it can be looked at and exported from, and follows what is changed there. */
  readOnly: z.boolean(),
});
export type ProjectInfo = z.infer<typeof projectInfo>;
export const recentProject = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  openedAt: z.string(),
  exists: z.boolean(),
});
export type RecentProject = z.infer<typeof recentProject>;

export const classCounts = z.array(z.int()).length(10);
export const dataSet = z.object({
  id: rowId,
  name: z.string(),
  /** `mnist`: the digits came as records of IDX files, MNIST's or others. */
  kind: z.enum(['mnist', 'folder']),
  /** Where it came from, for the eye only. */
  source: z.string(),
  createdAt: z.string(),
  total: z.int(),
  /** Labelled digits per class, by split. */
  perClass: z.object({ train: classCounts, test: classCounts }),
  unlabelled: z.int(),
  /** Files that gave no digit. */
  bad: z.int(),
  hash: z.string().nullable(),
  /** How its pictures became tiles. */
  normalisation: normalisationChoice,
});
export type DataSet = z.infer<typeof dataSet>;

export const csvDelimiter = z.enum([',', ';', '\t']);
export type CsvDelimiter = z.infer<typeof csvDelimiter>;
export const csvEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'gbk', 'windows-1252'] as const;
export type CsvEncoding = (typeof csvEncodings)[number];
const column = z.int().min(0).max(999);
/** How a CSV with a row per file is read; columns are counted from 0. */
export const csvOptions = z.object({
  /** At the top of the folder. */
  file: z.string().min(1).max(255),
  encoding: z.enum(csvEncodings),
  delimiter: csvDelimiter,
  /** The first row names the columns. */
  header: z.boolean(),
  path: column,
  /** Null: there are none. */
  label: column.nullable(),
  split: column.nullable(),
});
export type CsvOptions = z.infer<typeof csvOptions>;
/** What is left out is detected. */
export const csvChoice = csvOptions.partial().required({ file: true });
export type CsvChoice = z.infer<typeof csvChoice>;
export const csvFound = z.object({
  /** CSV files that labels could be taken from. */
  files: z.array(z.string()),
  /** Null: labels come from the folders. */
  used: z
    .object({
      options: csvOptions,
      /** Names from the header; empty without one. */
      names: z.array(z.string()),
      columns: z.int(),
      rows: z.int(),
      /** The first rows. */
      preview: z.array(z.array(z.string())),
    })
    .nullable(),
});
export type CsvFound = z.infer<typeof csvFound>;

/** A dry run over a source: what an import would bring. */
export const scanSummary = z.object({
  scanId: z.string(),
  source: z.string(),
  /** `idx`: IDX files; `classes`: one sub-folder per digit; `splits`: train/ and test/ over those; `flat`: unlabelled; `csv`: a row per file. */
  layout: z.enum(['mnist', 'idx', 'csv', 'classes', 'splits', 'flat']),
  total: z.int(),
  perClass: z.object({ train: classCounts, test: classCounts }),
  unlabelled: z.int(),
  /** Files that will be left out, with why, most frequent first. */
  problems: z.array(z.object({ reason, count: z.int(), example: z.string() })),
  /** When the folder holds a CSV. */
  csv: csvFound.optional(),
});
export type ScanSummary = z.infer<typeof scanSummary>;
/** Files, or records of IDX files, that are byte for byte like one before them. */
export const scanCopies = z.object({
  copies: z.int(),
  /** Of the copies, those with another label than the first. */
  otherLabel: z.int(),
  /** Of the copies, those across training and test. */
  leaks: z.int(),
});
export type ScanCopies = z.infer<typeof scanCopies>;
export const scanProgress = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), files: z.int() }),
  z.object({ type: z.literal('summary'), summary: scanSummary }),
  /** After the summary, which can be imported already: files are compared. */
  z.object({ type: z.literal('checking'), done: z.int(), total: z.int() }),
  z.object({ type: z.literal('copies'), copies: scanCopies }),
]);

/** A file of a data set that gave no digit. */
export const badFile = z.object({
  id: rowId,
  /** Relative to the set's folder; names that are not UTF-8 are escaped. */
  path: z.string(),
  reason,
});
export type BadFile = z.infer<typeof badFile>;
export const badReason = z.object({
  code: z.enum(reasonCodes),
  count: z.int(),
  /** Reading its files again may give digits. */
  retryable: z.boolean(),
});
export type BadReason = z.infer<typeof badReason>;
/** Files read again so far, and how many of them gave a digit. */
export const retryProgress = z.object({ done: z.int(), total: z.int(), mended: z.int() });
export type RetryProgress = z.infer<typeof retryProgress>;

export const run = z.object({
  id: rowId,
  name: z.string(),
  state: z.enum(runStates),
  dataSetId: rowId,
  dataSetName: z.string(),
  parameters: trainingParameters,
  epochs: z.array(epochMetrics),
  bestEpoch: z.int().nullable(),
  testAccuracy: z.number().nullable(),
  imagesPerSecond: z.number().nullable(),
  modelId: rowId.nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorData.nullable(),
  /** What its user wrote about it. */
  notes: z.string(),
  /** The last step that is kept, over all epochs. */
  step: z.int(),
  /** Null until its first steps. */
  stepsPerEpoch: z.int().nullable(),
  /** Time at work, pauses and interruptions left out; null for runs of older studios. */
  seconds: z.number().nullable(),
  /** The version of the data set that it trains with, 1 for as imported; null with changes that no version has. */
  dataVersion: z.int().nullable(),
  /** The run whose recipe it repeats after changes of the data. */
  retrainOf: rowId.nullable(),
});
export type Run = z.infer<typeof run>;
export const trainEvent = z.discriminatedUnion('type', [
  /** Replaces what is drawn: sent first. */
  z.object({ type: z.literal('history'), points: z.array(curvePoint), epochs: z.array(epochMetrics) }),
  /** Takes the place of all points after step `after`. */
  z.object({ type: z.literal('points'), after: z.int(), points: z.array(curvePoint) }),
  z.object({ type: z.literal('epoch'), metrics: epochMetrics }),
  z.object({
    type: z.literal('progress'),
    step: z.int(),
    stepsPerEpoch: z.int(),
    epochs: z.int(),
    imagesPerSecond: z.number(),
    secondsLeft: z.number().nullable(),
    learningRate: z.number(),
  }),
  z.object({ type: z.literal('end'), state: z.enum(runStates) }),
]);
export type TrainEvent = z.infer<typeof trainEvent>;

/** Runs that are compared at once: as many as there are colours for lines. */
export const MOST_RUNS = 6;

/** Several runs side by side, their models measured on the test split of one data set. */
export const comparison = z.object({
  runs: z.array(
    z.object({
      runId: rowId,
      points: z.array(curvePoint),
      /** Null for a run without a model. */
      modelId: rowId.nullable(),
      /** In which the model has read that test split; null when it has not. */
      batchId: rowId.nullable(),
      /** By label, 0 to 9. */
      classes: z
        .array(z.object({ labelled: z.int(), wrong: z.int() }))
        .length(10)
        .nullable(),
    }),
  ),
  /** For each ordered pair of runs that have read it: digits that one reads right and the other does not. */
  differences: z.array(z.object({ right: rowId, wrong: rowId, count: z.int() })),
});
export type Comparison = z.infer<typeof comparison>;

/** What batches read in one digit. */
export const readings = z.array(
  z.object({
    batchId: rowId,
    ref: digitRef,
    digit: digitLabel,
    confidence: z.number(),
    /** Softmax over 0..9. */
    probabilities: z.array(z.number()).length(10),
  }),
);
export type Readings = z.infer<typeof readings>;

export const model = z.object({
  id: rowId,
  name: z.string(),
  createdAt: z.string(),
  architecture: z.string(),
  parameters: z.int(),
  validationAccuracy: z.number().nullable(),
  testAccuracy: z.number().nullable(),
  /** Null for a model that came from another program. */
  dataSetName: z.string().nullable(),
  /** That it was trained with; null when it is gone, or for a model that came from elsewhere. */
  dataSetId: rowId.nullable(),
  runId: rowId.nullable(),
});
export type Model = z.infer<typeof model>;

export const batch = z.object({
  id: rowId,
  /** `folds`: training digits, each read by a model that has not seen it. */
  kind: z.enum(['folder', 'test-set', 'folds']),
  name: z.string(),
  source: z.string(),
  modelId: rowId,
  modelName: z.string(),
  /** The data set whose digits it reads; null for a folder. */
  dataSetId: rowId.nullable(),
  state: z.enum(jobStates),
  total: z.int(),
  queued: z.int(),
  done: z.int(),
  rejected: z.int(),
  failed: z.int(),
  skipped: z.int(),
  /** Of these, files that were not decoded: the ledger had the answer. */
  reused: z.int(),
  /** Digits that carry a label, so that they can be counted right or wrong. */
  labelled: z.int(),
  /** Share of the labelled digits read as their label, 0 to 1. */
  accuracy: z.number().nullable(),
  /** Null: no digit is rejected. */
  rejection: rejection.nullable(),
  /** Its folder is watched: files that come later are classified, too. */
  watch: z.enum(['on', 'paused']).nullable(),
  /** Links out of its folder are followed. */
  followLinks: z.boolean(),
  /** Files that the watch saw change after they had been read; "again" reads them. */
  changed: z.int(),
  /** Digits that were not rejected: those that carry a label, and of these the ones read as another. */
  accepted: z.object({ labelled: z.int(), errors: z.int() }),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  /** Time at work, pauses and interruptions left out. */
  seconds: z.number(),
  error: errorData.nullable(),
});
export type Batch = z.infer<typeof batch>;

export const fileRow = z.object({
  id: rowId,
  /** Relative to the batch's folder, `/` between names; names that are not UTF-8 are escaped. */
  path: z.string(),
  status: fileStatus,
  reason: reason.nullable(),
  ref: digitRef.nullable(),
  digit: digitLabel.nullable(),
  confidence: z.number().nullable(),
  second: digitLabel.nullable(),
  secondConfidence: z.number().nullable(),
  label: digitLabel.nullable(),
});
export type FileRow = z.infer<typeof fileRow>;

const share = z.number().min(0).max(1);
export const dataOrders = ['import', 'label', 'path', 'confidence'] as const;
/** How a batch over a data set read its digits; given one more field, only digits that it read are shown. */
export const readingFilter = z.object({
  batchId: rowId,
  predicted: digitLabel.optional(),
  /** Least and greatest confidence, both included. */
  from: share.optional(),
  to: share.optional(),
  only: z.enum(['correct', 'misclassified']).optional(),
});

/** From `from` to before `to`. */
export const digitMeasure = z.object({ from: z.int().min(0), to: z.int().min(1) });
/** Labels of digits that a person changed; digits that are left out. */
export const digitStatuses = ['relabelled', 'excluded'] as const;
/** Digits of a data set, in an order. */
export const dataQuery = z
  .object({
    kind: z.literal('data'),
    dataSetId: rowId,
    split: split.optional(),
    label: digitLabel.optional(),
    /** Any of these. */
    labels: z.array(digitLabel).min(1).max(10).optional(),
    /** All of these. */
    tags: z.array(rowId).min(1).max(8).optional(),
    /** Without it digits that are not excluded. */
    status: z.enum(digitStatuses).optional(),
    /** Mean ink in thousandths of full ink. */
    ink: digitMeasure.optional(),
    /** The longer side of its picture, in pixels. */
    side: digitMeasure.optional(),
    /** Part of the path, upper and lower case alike. */
    text: z.string().max(200).optional(),
    reading: readingFilter.optional(),
    /** Without it that of the import. */
    order: z.enum(dataOrders).optional(),
    descending: z.boolean().optional(),
  })
  .refine(({ order, reading }) => order !== 'confidence' || reading !== undefined);

/** Digits of a batch, in an order. */
export const batchQuery = z
  .object({
    kind: z.literal('batch'),
    batchId: rowId,
    /** Null: digits without a label. */
    label: digitLabel.nullable().optional(),
    predicted: digitLabel.optional(),
    /** `suspected`: undecided digits whose label is suspected to be wrong, most suspicious first. */
    only: z.enum(['correct', 'misclassified', 'relabelled', 'suspected']).optional(),
    /** By decision, with none but `predicted` beside it. `queue`: the open ones by doubt, then those doubted, longest ago first. */
    decided: z.enum([...decisions, 'open', 'queue']).optional(),
    /** Those chosen on a map, with nothing else beside it. */
    selection: selectionId.optional(),
    /** `sure`: doubt turned round. */
    order: z.enum(['doubt', 'sure', 'path']).default('doubt'),
  })
  .refine(
    ({ selection, label, predicted, only, decided }) =>
      selection === undefined || [label, predicted, only, decided].every((part) => part === undefined),
  );

/** Which digits a grid shows, in which order. */
export const digitQuery = z.discriminatedUnion('kind', [
  dataQuery,
  batchQuery,
  /** Digits that a version of a data set changed; without `versionId` those changed since the last one. */
  z.object({ kind: z.literal('changes'), dataSetId: rowId, versionId: rowId.optional() }),
  /** Digits that batch `right` read right and batch `wrong`, over the same digits, did not; rows are those of `wrong`. */
  z.object({ kind: z.literal('difference'), right: rowId, wrong: rowId, label: digitLabel.optional() }),
]);
export type DigitQuery = z.input<typeof digitQuery>;
export const digitRow = z.object({
  ref: digitRef,
  label: digitLabel.nullable(),
  predicted: digitLabel.nullable(),
  /** Of the predicted class, 0 to 1. */
  confidence: z.number().nullable(),
  /** A person changed its label. */
  relabelled: z.boolean(),
  /** In the batch whose reading is shown. */
  decision: z.enum(decisions).nullable(),
  /** Where its label is suspected to be wrong: 1 less the label's probability to a model that has not seen it. */
  suspicion: z.number().optional(),
  /** What a version made of it, where changes are asked for; `label` is what it is now. */
  change: z
    .object({
      kind: z.enum(changeKinds),
      from: digitLabel.nullable(),
      to: digitLabel.nullable(),
    })
    .optional(),
});
export type DigitRow = z.infer<typeof digitRow>;
export const digitPage = z.object({
  total: z.int(),
  /** The digits are still looked through: `total` are those found so far. */
  counting: z.boolean(),
  offset: z.int(),
  rows: z.array(digitRow),
  /** rows.length x 784 bytes, ink 255 on 0. */
  pixels: z.instanceof(Blob),
});
export type DigitPage = z.infer<typeof digitPage>;
export const digitDetail = digitRow.extend({
  givenLabel: digitLabel.nullable(),
  split: split.nullable(),
  /** Relative path, or the position in an IDX file. */
  name: z.string(),
  source: z.string(),
  bytes: z.int().nullable(),
  modifiedAt: z.string().nullable(),
  /** Softmax over 0..9; null where no model read it. */
  probabilities: z.array(z.number()).length(10).nullable(),
  pixels: z.instanceof(Blob),
  history: z.array(z.object({ at: z.string(), from: digitLabel.nullable(), to: digitLabel.nullable() })),
  tags: z.array(z.object({ id: rowId, name: z.string() })),
});
export type DigitDetail = z.infer<typeof digitDetail>;

export const distortionPreview = z.object({
  digits: z.int(),
  /** (1 + variants) x digits x 784 bytes, ink 255 on 0: the digits, then all of them once for each variant. */
  pixels: z.instanceof(Blob),
});
export type DistortionPreview = z.infer<typeof distortionPreview>;

export const normalisationSteps = ['decoded', 'grey', 'ink', 'deskewed', 'crop', 'box', 'centred'] as const;
export const normalisationStep = z.object({
  name: z.enum(normalisationSteps),
  width: z.int(),
  height: z.int(),
  /** width x height bytes, grey. */
  pixels: z.instanceof(Blob),
});
export type NormalisationStep = z.infer<typeof normalisationStep>;

/** `label`: labels changed; then decisions about duplicates, and about digits of batches. */
export const journalKinds = [
  'add',
  'commit',
  'discard',
  'label',
  'split',
  'tag',
  'untag',
  'keep',
  'exclude',
  'reopen',
  'accept',
  'relabel',
  'doubt',
  'reject',
  'clear',
  'sheet',
] as const;
export const journalEntry = z.object({
  id: rowId,
  kind: z.enum(journalKinds),
  at: z.string(),
  /** Digits, or pairs of them that are kept or reopened. */
  count: z.int(),
  from: digitLabel.nullable(),
  to: digitLabel.nullable(),
  undone: z.boolean(),
});
export type JournalEntry = z.infer<typeof journalEntry>;
export const journalState = z.object({ undo: journalEntry.nullable(), redo: journalEntry.nullable() });
export type JournalState = z.infer<typeof journalState>;

export const confusion = z.object({
  counts: z.array(classCounts).length(10),
  labelled: z.int(),
  unlabelled: z.int(),
  accuracy: z.number().nullable(),
});
export type Confusion = z.infer<typeof confusion>;

export const languages = ['en', 'zh-CN'] as const;
export const themes = ['system', 'light', 'dark'] as const;
export const settings = z.object({
  language: z.enum(languages).nullable(),
  theme: z.enum(themes),
  /** Command id -> key, where a user changed it. */
  keys: z.record(z.string(), z.string()),
  /** Whose name changes carry; without one it is that of the operating system's user. */
  reviewer: z.string().trim().max(80).nullable().optional(),
});
export type Settings = z.infer<typeof settings>;
