import type { CsvChoice, CsvFound, ScanSummary } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { escapeName } from '../files/names.ts';
import { walk } from '../files/walk.ts';
import { checkCancelled } from '../jobs/flow.ts';
import { cleanPath, csvFiles, placesOf, readTable, type CsvTable } from './csv-labels.ts';
import { IdxFinder, labelOutOfRange, readPair, type IdxFound } from './idx-folder.ts';
import type { ImportSource } from './import.ts';
import { LayoutCounter } from './layout.ts';
import { readMnist } from './mnist.ts';

/** What a dry run found; pictures are not read beyond their listing. */
export type ScanResult = Pick<
  ScanSummary,
  'layout' | 'total' | 'perClass' | 'unlabelled' | 'problems' | 'csv'
>;
export type ScanStep = { files: number } | { result: ScanResult; source: ImportSource };

/** Most kinds of problems that a summary lists. */
const PROBLEMS = 50;
/** Rows of a CSV that are shown. */
const PREVIEW = 5;

/**
 * Lists a folder and says what an import would bring, and how. `labels` chooses a CSV, or null none; left out, one is
 * taken when it names files of a folder without class folders. Throws `folder-unreadable`, `data-damaged`, `cancelled`.
 */
export async function* scanFolder(
  folder: string,
  signal?: AbortSignal,
  labels?: CsvChoice | null,
): AsyncGenerator<ScanStep, void, undefined> {
  const counter = new LayoutCounter();
  const idx = new IdxFinder();
  const tables = await csvFiles(folder);
  const paths = new Set<string>();
  const problems: Problems = new Map();
  for await (const entries of walk(folder, { signal })) {
    for (const entry of entries) {
      if (entry.outcome === 'file') {
        counter.add(entry.path);
        idx.add(entry.path);
        if (tables.length > 0) paths.add(entry.path.toString());
      } else addProblem(problems, entry.reason, entry.path);
    }
    yield { files: counter.total };
  }
  const records = await idx.find(Buffer.from(folder));
  if (records) {
    if (idx.others) addProblem(problems, { code: 'not-idx' }, idx.others.example, idx.others.count);
    const counts = await countRecords(folder, records, problems, signal);
    const source = { kind: 'idx', folder, pairs: records.pairs } as const;
    yield { result: { layout: 'idx', ...counts, problems: mostFrequent(problems) }, source };
    return;
  }
  const { layout, ...counts } = counter.result();
  const csv = tables.length > 0 ? { files: tables, used: null } : undefined;
  const table = csv && chooseTable(folder, tables, paths, layout === 'flat' ? labels : (labels ?? null));
  if (table) {
    const found = countRows(table, paths, problems);
    yield {
      result: {
        layout: 'csv',
        ...found,
        problems: mostFrequent(problems),
        csv: { files: tables, used: shown(table) },
      },
      source: { kind: 'folder', folder, layout: 'csv', csv: table.options },
    };
    return;
  }
  yield {
    result: { layout, ...counts, problems: mostFrequent(problems), csv },
    source: { kind: 'folder', folder, layout },
  };
}

/** The table that was asked for, else the first that names a file and has labels. */
function chooseTable(
  folder: string,
  tables: readonly string[],
  paths: ReadonlySet<string>,
  labels: CsvChoice | null | undefined,
): CsvTable | null {
  const isFile = (path: string): boolean => paths.has(path);
  if (labels === null) return null;
  if (labels) return readTable(folder, labels, isFile);
  for (const file of tables) {
    const table = tryTable(folder, file, isFile);
    if (
      table &&
      table.options.label !== null &&
      table.rows.some((row) => isFile(cleanPath(row[table.options.path])))
    )
      return table;
  }
  return null;
}

/** A CSV that cannot be read is no reason to refuse the folder. */
function tryTable(folder: string, file: string, isFile: (path: string) => boolean): CsvTable | null {
  try {
    return readTable(folder, { file }, isFile);
  } catch {
    return null;
  }
}

function countRows(table: CsvTable, paths: ReadonlySet<string>, problems: Problems): Counts {
  const perClass = { train: countClasses([]), test: countClasses([]) };
  let [total, unlabelled] = [0, 0];
  const { places, twice } = placesOf(table);
  for (const file of twice) addProblem(problems, { code: 'row-twice' }, Buffer.from(file));
  for (const [file, row] of places) {
    if (!paths.has(file)) addProblem(problems, { code: 'row-without-file' }, Buffer.from(file));
    else if (row.status === 'failed') addProblem(problems, row.reason, Buffer.from(file));
    else {
      total++;
      const { split, label } = row.place;
      if (label === null) unlabelled++;
      else perClass[split as 'train' | 'test'][label]!++;
    }
  }
  for (const file of paths)
    if (!places.has(file) && file !== table.options.file)
      addProblem(problems, { code: 'no-row' }, Buffer.from(file));
  return { total, perClass, unlabelled };
}

const shown = ({ options, names, rows }: CsvTable): NonNullable<CsvFound['used']> => {
  const preview = rows.slice(0, PREVIEW);
  const columns = [names, ...preview].reduce((most, { length }) => Math.max(most, length), 0);
  return { options, names, rows: rows.length, columns, preview };
};

type Problems = Map<string, ScanResult['problems'][number]>;
type Counts = Pick<ScanResult, 'total' | 'perClass' | 'unlabelled'>;

const mostFrequent = (problems: Problems): ScanResult['problems'] =>
  [...problems.values()].sort((a, b) => b.count - a.count).slice(0, PROBLEMS);

/** Reads the pairs, so that damage is known before anything is imported; pictures are not normalised yet. */
async function countRecords(
  folder: string,
  { pairs, left }: IdxFound,
  problems: Problems,
  signal: AbortSignal | undefined,
): Promise<Counts> {
  for (const { path, reason } of left) addProblem(problems, reason, path);
  const perClass = { train: countClasses([]), test: countClasses([]) };
  let [total, unlabelled] = [0, 0];
  for (const pair of pairs) {
    checkCancelled(signal);
    const { count, labels } = await readPair(Buffer.from(folder), pair);
    total += count;
    if (!labels) unlabelled += count;
    else
      for (const label of labels) {
        if (label < CLASSES) perClass[pair.split][label]!++;
        else {
          total--;
          addProblem(problems, labelOutOfRange(label), pair.labels!);
        }
      }
  }
  return { total, perClass, unlabelled };
}

/** Counts MNIST's four files. Throws `data-damaged`. */
export async function scanMnist(folder: string): Promise<ScanResult> {
  const [train, test] = await Promise.all([readMnist(folder, 'train'), readMnist(folder, 'test')]);
  const perClass = { train: countClasses(train.labels), test: countClasses(test.labels) };
  return {
    layout: 'mnist',
    total: train.labels.length + test.labels.length,
    perClass,
    unlabelled: 0,
    problems: [],
  };
}

function countClasses(labels: Iterable<number>): number[] {
  const counts = new Array<number>(CLASSES).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

function addProblem(problems: Problems, reason: Reason, path: Buffer, count = 1): void {
  const key = JSON.stringify(reason);
  const known = problems.get(key);
  if (known) known.count += count;
  else problems.set(key, { reason, count, example: escapeName(path) });
}
