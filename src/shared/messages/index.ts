import { batchFiles } from './en/batch-files.ts';
import { browse } from './en/browse.ts';
import { classify } from './en/classify.ts';
import { common } from './en/common.ts';
import { confidence } from './en/confidence.ts';
import { data } from './en/data.ts';
import { decide } from './en/decide.ts';
import { suspects } from './en/suspects.ts';
import { duplicates } from './en/duplicates.ts';
import { errors } from './en/errors.ts';
import { filing } from './en/filing.ts';
import { fit } from './en/fit.ts';
import { exchange } from './en/exchange.ts';
import { home } from './en/home.ts';
import { map } from './en/map.ts';
import { links } from './en/links.ts';
import { measure } from './en/measure.ts';
import { measures } from './en/measures.ts';
import { keying } from './en/keying.ts';
import { models } from './en/models.ts';
import { normalisation } from './en/normalisation.ts';
import { original } from './en/original.ts';
import { reasons } from './en/reasons.ts';
import { recipe } from './en/recipe.ts';
import { report } from './en/report.ts';
import { results } from './en/results.ts';
import { review } from './en/review.ts';
import { queue } from './en/queue.ts';
import { runs } from './en/runs.ts';
import { selection } from './en/selection.ts';
import { settings } from './en/settings.ts';
import { sheets } from './en/sheets.ts';
import { shell } from './en/shell.ts';
import { system } from './en/system.ts';
import { train } from './en/train.ts';
import { watch } from './en/watch.ts';
import { versions } from './en/versions.ts';
import { views } from './en/views.ts';
import type { Language } from './format.ts';
import { batchFiles as batchFilesZh } from './zh-CN/batch-files.ts';
import { browse as browseZh } from './zh-CN/browse.ts';
import { classify as classifyZh } from './zh-CN/classify.ts';
import { common as commonZh } from './zh-CN/common.ts';
import { confidence as confidenceZh } from './zh-CN/confidence.ts';
import { data as dataZh } from './zh-CN/data.ts';
import { decide as decideZh } from './zh-CN/decide.ts';
import { suspects as suspectsZh } from './zh-CN/suspects.ts';
import { duplicates as duplicatesZh } from './zh-CN/duplicates.ts';
import { errors as errorsZh } from './zh-CN/errors.ts';
import { filing as filingZh } from './zh-CN/filing.ts';
import { fit as fitZh } from './zh-CN/fit.ts';
import { exchange as exchangeZh } from './zh-CN/exchange.ts';
import { home as homeZh } from './zh-CN/home.ts';
import { map as mapZh } from './zh-CN/map.ts';
import { links as linksZh } from './zh-CN/links.ts';
import { measure as measureZh } from './zh-CN/measure.ts';
import { measures as measuresZh } from './zh-CN/measures.ts';
import { keying as keyingZh } from './zh-CN/keying.ts';
import { models as modelsZh } from './zh-CN/models.ts';
import { normalisation as normalisationZh } from './zh-CN/normalisation.ts';
import { original as originalZh } from './zh-CN/original.ts';
import { reasons as reasonsZh } from './zh-CN/reasons.ts';
import { recipe as recipeZh } from './zh-CN/recipe.ts';
import { report as reportZh } from './zh-CN/report.ts';
import { results as resultsZh } from './zh-CN/results.ts';
import { review as reviewZh } from './zh-CN/review.ts';
import { queue as queueZh } from './zh-CN/queue.ts';
import { runs as runsZh } from './zh-CN/runs.ts';
import { selection as selectionZh } from './zh-CN/selection.ts';
import { settings as settingsZh } from './zh-CN/settings.ts';
import { sheets as sheetsZh } from './zh-CN/sheets.ts';
import { shell as shellZh } from './zh-CN/shell.ts';
import { system as systemZh } from './zh-CN/system.ts';
import { watch as watchZh } from './zh-CN/watch.ts';
import { train as trainZh } from './zh-CN/train.ts';
import { versions as versionsZh } from './zh-CN/versions.ts';
import { views as viewsZh } from './zh-CN/views.ts';

export * from './format.ts';
export { explain, fitText, reasonLine, withSystemWords, type ErrorText } from './explain.ts';

const en = {
  ...{ common, shell, errors, reasons, system, fit },
  ...{
    home,
    data,
    duplicates,
    browse,
    selection,
    map,
    measure,
    measures,
    links,
    normalisation,
    views,
    train,
    runs,
    recipe,
    models,
    original,
    classify,
    batchFiles,
    watch,
    filing,
    confidence,
    queue,
    exchange,
    results,
    review,
    decide,
    sheets,
    keying,
    report,
    suspects,
    versions,
    settings,
  },
};
/** English is the source: every other language has the same messages with the same parameters. */
export type Messages = typeof en;
const zhCN: Messages = {
  common: commonZh,
  shell: shellZh,
  errors: errorsZh,
  reasons: reasonsZh,
  fit: fitZh,
  system: systemZh,
  home: homeZh,
  data: dataZh,
  browse: browseZh,
  selection: selectionZh,
  map: mapZh,
  measure: measureZh,
  measures: measuresZh,
  links: linksZh,
  normalisation: normalisationZh,
  views: viewsZh,
  duplicates: duplicatesZh,
  train: trainZh,
  recipe: recipeZh,
  models: modelsZh,
  original: originalZh,
  queue: queueZh,
  runs: runsZh,
  classify: classifyZh,
  batchFiles: batchFilesZh,
  watch: watchZh,
  filing: filingZh,
  confidence: confidenceZh,
  exchange: exchangeZh,
  results: resultsZh,
  review: reviewZh,
  decide: decideZh,
  sheets: sheetsZh,
  keying: keyingZh,
  report: reportZh,
  suspects: suspectsZh,
  versions: versionsZh,
  settings: settingsZh,
};

const all: Record<Language, Messages> = { en, 'zh-CN': zhCN };

export function messagesFor(language: Language): Messages {
  return all[language];
}

/** The nearest language that the studio speaks to what a system or browser asks for. */
export function languageFor(wanted: readonly string[]): Language {
  const known = wanted
    .map((tag) => tag.toLowerCase().split(/[-_]/)[0])
    .find((tag) => tag === 'en' || tag === 'zh');
  return known === 'zh' ? 'zh-CN' : 'en';
}
