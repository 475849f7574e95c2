import fs from 'node:fs/promises';
import path from 'node:path';
import {
  isTrained,
  type ModelCard,
  type ModelOrigin,
  type TrainedCard,
} from '../shared/contract/model-card.ts';
import { rejectionFor } from '../shared/confidence/rejection.ts';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { MODEL_FILE, readModel } from '../engine/models/store.ts';
import { parameterOrder, parameterText } from './parameters.ts';
import { describe, errorFacts, EXIT, formats, type Outcome } from './session.ts';

const words = cli.models;

/** A model, or why it cannot be used. */
type Found = { folder: string } & ({ card: ModelCard } | { error: StudioError });

/**
 * `studio models`: reads and checks all models in the folders; the exit code is 1 when one of them cannot be used. Throws
 * `folder-unreadable`, and `model-file-missing` for a folder without any.
 */
export async function models(folders: readonly string[]): Promise<Outcome> {
  const places = (await Promise.all(folders.map(modelFolders))).flat();
  const found: Found[] = await Promise.all(places.map(read));
  const [only] = found;
  return {
    text: found.length === 1 && 'card' in only! ? cardLines(only.card) : tableLines(found),
    json: { models: found.map(toJson) },
    code: found.some((model) => 'error' in model) ? EXIT.error : EXIT.done,
  };
}

/** The folder itself, or the models right under it, or those of a project. */
async function modelFolders(folder: string): Promise<string[]> {
  const here = await list(folder);
  if (here.some(({ name }) => name === MODEL_FILE)) return [folder];
  const under = await withModels(folder, here);
  const inner = path.join(folder, 'models');
  const found = under.length > 0 ? under : await withModels(inner, await list(inner).catch(() => []));
  if (found.length === 0) throw new StudioError('model-file-missing', { model: folder, file: MODEL_FILE });
  return found;
}

type Entries = Awaited<ReturnType<typeof list>>;

async function list(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  try {
    const entries = await fs.readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch (error) {
    throw new StudioError('folder-unreadable', {
      folder,
      detail: (error as NodeJS.ErrnoException).code ?? String(error),
    });
  }
}

async function withModels(folder: string, entries: Entries): Promise<string[]> {
  const folders = entries
    .filter(({ isFolder, name }) => isFolder && !name.startsWith('.'))
    .map(({ name }) => path.join(folder, name))
    .sort();
  const models = await Promise.all(
    folders.map((inner) =>
      fs.access(path.join(inner, MODEL_FILE)).then(
        () => [inner],
        () => [],
      ),
    ),
  );
  return models.flat();
}

async function read(folder: string): Promise<Found> {
  try {
    return { folder, card: (await readModel(folder)).card };
  } catch (error) {
    if (error instanceof StudioError) return { folder, error };
    throw error;
  }
}

const toJson = (model: Found): object =>
  'card' in model
    ? { folder: model.folder, ...model.card }
    : { folder: model.folder, error: errorFacts(model.error) };

const accuracyOf = (share: number | null | undefined): string =>
  share == null ? words.unknown : formats.percent(share, 2);

function tableLines(found: Found[]): string[] {
  const rows = found.flatMap((model) => ('card' in model ? [tableRow(model.folder, model.card)] : []));
  const failures = found.flatMap((model) => ('error' in model ? describe(model.error) : []));
  if (rows.length === 0) return failures;
  const table = [words.columns, ...rows];
  const widths = words.columns.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return [
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ),
    ...failures,
  ];
}

const tableRow = (folder: string, { metrics, training, data, createdAt }: ModelCard): string[] => [
  folder,
  accuracyOf(metrics?.testAccuracy),
  metrics && training ? `${metrics.bestEpoch}/${training.epochs}` : words.unknown,
  training ? String(training.seed) : words.unknown,
  data?.name ?? words.unknown,
  createdAt,
];

function cardLines(card: ModelCard): string[] {
  const { normalisation, origin } = card;
  const label = words.card;
  const lines: [string, string][] = [
    [label.name, card.name],
    [label.architecture, `${card.architecture}, ${label.trainable(formats.count(card.parameters))}`],
    [label.made, card.createdAt],
    ...(origin ? originLines(origin) : []),
    ...(isTrained(card) ? trainingLines(card) : []),
    ...confidenceLines(card),
    [
      label.normalisation,
      [
        `${normalisation.name} ${label.version(normalisation.version)}`,
        label.polarity[normalisation.polarity],
        ...(normalisation.crop === false ? [label.whole] : []),
        ...(normalisation.deskew ? [label.upright] : []),
      ].join(', '),
    ],
    ...(isTrained(card) ? engineLines(card) : []),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

const originLines = ({ name, program, format, scale }: ModelOrigin): [string, string][] => [
  [words.card.origin, [name, words.card.sources[format], ...(program ? [program] : [])].join(', ')],
  [words.card.scale, words.card.scales[scale]],
];

function trainingLines({ data, metrics, training }: TrainedCard): [string, string][] {
  const label = words.card;
  const best = metrics.epochs.find(({ epoch }) => epoch === metrics.bestEpoch);
  return [
    [label.data, data.name],
    [
      '',
      label.split(
        formats.count(data.trainCount),
        formats.count(data.validationCount),
        formats.count(data.testCount),
      ),
    ],
    [label.hash, data.hash],
    [
      label.training,
      parameterOrder.map((name) => `${label.parameters[name]} ${parameterText(training[name])}`).join(', '),
    ],
    [label.best, label.bestOf(metrics.bestEpoch, metrics.epochs.length)],
    [label.validation, accuracyOf(best?.validationAccuracy)],
    [label.test, accuracyOf(metrics.testAccuracy)],
    [
      label.speed,
      metrics.imagesPerSecond === null
        ? words.unknown
        : cli.train.speed(formats.count(metrics.imagesPerSecond)),
    ],
  ];
}

/** Shares of rejected digits that the curve is printed at. */
const PRINTED = [0, 0.01, 0.02, 0.05, 0.1];

/** What was measured, as names and values. */
export function confidenceLines(card: ModelCard): [string, string][] {
  const label = words.card;
  const { confidence } = card;
  if (!confidence) return [[label.confidence, label.notMeasured]];
  const share = (value: number): string => formats.percent(value, 2);
  // Several limits may lead to the same point.
  const lines = PRINTED.map((maxRejected) => {
    const { threshold, promise } = rejectionFor(card, { maxRejected });
    const { rejected, error, bound } = promise!;
    return label.curvePoint(share(rejected), share(error), share(bound), formats.number(threshold, 4));
  });
  return [
    [
      label.confidence,
      label.measuredOn(
        cli.classify.digitsOf[confidence.split](formats.count(confidence.digits), confidence.data),
      ),
    ],
    [label.temperature, formats.number(confidence.temperature, 3)],
    [label.calibration, label.calibrated(share(confidence.before.error), share(confidence.after.error))],
    ...[...new Set(lines)].map((line, at): [string, string] => [at === 0 ? label.curve : '', line]),
  ];
}

function engineLines({ engine }: TrainedCard): [string, string][] {
  const label = words.card;
  return [
    [
      label.engine,
      [
        `TensorFlow ${engine.tensorflow}`,
        `Node ${engine.node}`,
        engine.platform,
        label.threads(engine.threads.intraOp, engine.threads.interOp),
        ...Object.entries(engine.flags).map(([name, value]) => `${name}=${value}`),
      ].join(', '),
    ],
  ];
}
