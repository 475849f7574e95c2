import type { ScanSummary } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { escapeName } from '../files/names.ts';
import { walk } from '../files/walk.ts';
import { checkCancelled } from '../jobs/flow.ts';
import { IdxFinder, labelOutOfRange, readPair, type IdxFound } from './idx-folder.ts';
import type { ImportSource } from './import.ts';
import { LayoutCounter } from './layout.ts';
import { readMnist } from './mnist.ts';

/** What a dry run found; pictures are not read beyond their listing. */
export type ScanResult = Pick<ScanSummary, 'layout' | 'total' | 'perClass' | 'unlabelled' | 'problems'>;
export type ScanStep = { files: number } | { result: ScanResult; source: ImportSource };

/** Most kinds of problems that a summary lists. */
const PROBLEMS = 50;

/** Lists a folder and says what an import would bring, and how. Throws `folder-unreadable`, `data-damaged`, `cancelled`. */
export async function* scanFolder(
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<ScanStep, void, undefined> {
  const counter = new LayoutCounter();
  const idx = new IdxFinder();
  const problems: Problems = new Map();
  for await (const entries of walk(folder, { signal })) {
    for (const entry of entries) {
      if (entry.outcome === 'file') {
        counter.add(entry.path);
        idx.add(entry.path);
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
  yield {
    result: { layout, ...counts, problems: mostFrequent(problems) },
    source: { kind: 'folder', folder, layout },
  };
}

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
