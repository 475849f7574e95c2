import type { BatchFormat } from '../../shared/contract/index.ts';
import { text } from '../app/i18n.ts';
import type { KeyedCommand } from '../app/keys/keys.ts';
import type { Command } from '../app/state.svelte.ts';

/** What Settings needs to know of a command while its page is not on the screen. */
export type PageCommand = Omit<Command, 'run' | 'enabled'>;

/** Commands of pages whose keys a user may change. */
export const pageCommands = {
  sample: { id: 'home.sample', page: 'home', key: 'M', title: () => text().home.sample.title },
  newProject: { id: 'home.new', page: 'home', key: 'N', title: () => text().home.create.title },
  openProject: { id: 'home.open', page: 'home', key: 'O', title: () => text().home.open.title },
  importFolder: { id: 'data.import', page: 'data', key: 'O', title: () => text().data.importRoot },
  importMnist: { id: 'data.mnist', page: 'data', key: 'M', title: () => text().data.importMnist },
  startTraining: { id: 'train.start', page: 'train', key: 'Mod+Enter', title: () => text().train.start },
  cancelTraining: { id: 'train.cancel', page: 'train', key: 'X', title: () => text().train.cancel },
  beforeAfter: {
    id: 'train.before',
    page: 'train',
    key: 'B',
    title: () => text().versions.retrain.compare,
  },
  pauseTraining: { id: 'train.pause', page: 'train', key: 'P', title: () => text().runs.pause },
  compareRuns: { id: 'train.compare', page: 'train', key: 'K', title: () => text().runs.list.compareNone },
  exportCurvesPng: {
    id: 'train.png',
    page: 'train',
    key: 'G',
    title: () => text().runs.export.pngTitle,
  },
  exportCurvesCsv: {
    id: 'train.csv',
    page: 'train',
    key: 'E',
    title: () => text().runs.export.csvTitle,
  },
  reviewRun: { id: 'train.review', page: 'train', key: 'R', title: () => text().train.outcome.review },
  classifyWithRun: {
    id: 'train.classify',
    page: 'train',
    key: 'C',
    title: () => text().train.outcome.classify,
  },
  showModelCard: { id: 'train.card', page: 'train', key: 'M', title: () => text().train.card.open },
  previousDigit: {
    id: 'models.previous',
    page: 'models',
    key: 'P',
    title: () => text().models.keys.previous,
  },
  nextDigit: { id: 'models.next', page: 'models', key: 'N', title: () => text().models.keys.next },
  chooseDigit: {
    id: 'models.choose',
    page: 'models',
    key: 'D',
    title: () => text().models.digit.chooseTitle,
  },
  nextPicture: {
    id: 'models.picture',
    page: 'models',
    key: 'S',
    title: () => text().models.commands.picture,
  },
  answersSaliency: {
    id: 'models.answer',
    page: 'models',
    key: 'A',
    title: () => text().models.commands.answer,
  },
  otherView: { id: 'models.view', page: 'models', key: 'V', title: () => text().models.commands.view },
  modelsCard: { id: 'models.card', page: 'models', key: 'M', title: () => text().train.card.open },
  saveDrawing: { id: 'models.save', page: 'models', key: 'E', title: () => text().models.drawing.save },
  chooseBatch: { id: 'classify.choose', page: 'classify', key: 'O', title: () => text().classify.choose },
  startBatch: {
    id: 'classify.start',
    page: 'classify',
    key: 'Mod+Enter',
    title: () => text().classify.start,
  },
  setThreshold: {
    id: 'classify.threshold',
    page: 'classify',
    key: 'T',
    title: () => text().confidence.toggle,
  },
  cancelBatch: {
    id: 'classify.cancel',
    page: 'classify',
    key: 'X',
    title: () => text().classify.progress.cancel,
  },
  pauseBatch: { id: 'classify.pause', page: 'classify', key: 'P', title: () => text().queue.pause },
  repeatBatch: { id: 'classify.again', page: 'classify', key: 'A', title: () => text().queue.again },
  watchBatch: { id: 'classify.watch', page: 'classify', key: 'W', title: () => text().watch.menu },
  fileBatch: { id: 'classify.file', page: 'classify', key: 'F', title: () => text().filing.menu },
  reviewBatch: { id: 'classify.review', page: 'classify', key: 'R', title: () => text().classify.review },
  exportBatch: {
    id: 'classify.export',
    page: 'classify',
    key: 'E',
    title: () => text().batchFiles.exportAs.csv,
  },
  exportBatchJsonl: {
    id: 'classify.export.jsonl',
    page: 'classify',
    key: 'J',
    title: () => text().batchFiles.exportAs.jsonl,
  },
  exportBatchParquet: {
    id: 'classify.export.parquet',
    page: 'classify',
    key: 'Q',
    title: () => text().batchFiles.exportAs.parquet,
  },
  batchCharts: { id: 'classify.charts', page: 'classify', key: 'H', title: () => text().results.show },
  evaluateTestSet: { id: 'review.evaluate', page: 'review', key: 'T', title: () => text().review.evaluate },
  labelErrors: { id: 'review.labelErrors', page: 'review', key: 'L', title: () => text().suspects.find },
  rejectDigit: { id: 'review.reject', page: 'review', key: 'R', title: () => text().decide.rejectLong },
  reviewQueue: { id: 'review.queue', page: 'review', key: 'Q', title: () => text().decide.showQueue },
  keyAgain: { id: 'review.keying', page: 'review', key: 'K', title: () => text().keying.showLong },
  showWhy: { id: 'review.why', page: 'review', key: 'W', title: () => text().decide.why.show },
  sheets: { id: 'review.sheets', page: 'review', key: 'G', title: () => text().sheets.showLong },
  exportAudit: { id: 'review.audit', page: 'review', key: 'E', title: () => text().decide.audit.export },
  findDigits: { id: 'data.find', page: 'data', key: 'F', title: () => text().browse.find },
  gridViews: { id: 'data.views', page: 'data', key: 'W', title: () => text().views.title },
  zoomIn: { id: 'data.larger', page: 'data', key: '+', title: () => text().views.zoomIn },
  zoomOut: { id: 'data.smaller', page: 'data', key: '-', title: () => text().views.zoomOut },
  labelDigits: { id: 'data.giveLabel', page: 'data', key: 'G', title: () => text().selection.giveLabel },
  moveDigits: { id: 'data.move', page: 'data', key: 'P', title: () => text().selection.move },
  tagDigits: { id: 'data.tag', page: 'data', key: 'T', title: () => text().selection.addTag },
  duplicates: { id: 'data.duplicates', page: 'data', key: 'D', title: () => text().duplicates.show },
  versions: { id: 'data.versions', page: 'data', key: 'V', title: () => text().versions.show },
  findDuplicates: { id: 'data.twice', page: 'data', key: 'S', title: () => text().duplicates.find },
  keepPair: { id: 'data.keep', page: 'data', key: 'K', title: () => text().duplicates.keys.keep },
  excludeLeft: {
    id: 'data.excludeLeft',
    page: 'data',
    key: 'L',
    title: () => text().duplicates.keys.excludeLeft,
  },
  excludeRight: {
    id: 'data.excludeRight',
    page: 'data',
    key: 'R',
    title: () => text().duplicates.keys.excludeRight,
  },
  relabelLeft: {
    id: 'data.relabelLeft',
    page: 'data',
    key: 'Shift+L',
    title: () => text().duplicates.keys.relabelLeft,
  },
  relabelRight: {
    id: 'data.relabelRight',
    page: 'data',
    key: 'Shift+R',
    title: () => text().duplicates.keys.relabelRight,
  },
  reopenPair: { id: 'data.reopen', page: 'data', key: 'U', title: () => text().duplicates.keys.reopen },
  allDigits: { id: 'data.all', page: 'data', key: 'A', title: () => text().data.showAll },
} satisfies Record<string, PageCommand>;

const digits = Array.from({ length: 10 }, (_, digit) => String(digit));

/** Keys that pages keep for themselves: 0 to 9 stand for the digits. No command may take them. */
export const fixedKeys: readonly (KeyedCommand & { title: () => string })[] = [
  ...digits.map((key) => ({
    id: `review.label.${key}`,
    page: 'review',
    key,
    title: () => text().review.keys.relabel,
  })),
  { id: 'review.zoom', page: 'review', key: 'Z', title: () => text().review.keys.zoom },
  ...['Delete', 'Backspace'].map((key) => ({
    id: `review.clear.${key}`,
    page: 'review',
    key,
    title: () => text().review.keys.clear,
  })),
  ...digits.map((key) => ({
    id: `models.target.${key}`,
    page: 'models',
    key,
    title: () => text().models.keys.target,
  })),
  ...digits.map((key) => ({
    id: `data.label.${key}`,
    page: 'data',
    key,
    title: () => text().data.keys.label,
  })),
];

/** What writes a batch's rows, by format. */
export const exportCommands = {
  csv: pageCommands.exportBatch,
  jsonl: pageCommands.exportBatchJsonl,
  parquet: pageCommands.exportBatchParquet,
} satisfies Record<BatchFormat, PageCommand>;
