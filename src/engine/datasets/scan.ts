import type { ScanSummary } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { escapeName } from '../files/names.ts';
import { walk } from '../files/walk.ts';
import { LayoutCounter } from './layout.ts';
import { readMnist } from './mnist.ts';

/** What a dry run found; the source is not read beyond its listing. */
export type ScanResult = Pick<ScanSummary, 'layout' | 'total' | 'perClass' | 'unlabelled' | 'problems'>;
export type ScanStep = { files: number } | { result: ScanResult };

/** Most kinds of problems that a summary lists. */
const PROBLEMS = 50;

/** Lists a folder and says what an import would bring. Throws `folder-unreadable`, `cancelled`. */
export async function* scanFolder(
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<ScanStep, void, undefined> {
  const counter = new LayoutCounter();
  const problems = new Map<string, ScanResult['problems'][number]>();
  for await (const entries of walk(folder, { signal })) {
    for (const entry of entries) {
      if (entry.outcome === 'file') counter.add(entry.path);
      else addProblem(problems, entry.reason, entry.path);
    }
    yield { files: counter.total };
  }
  const sorted = [...problems.values()].sort((a, b) => b.count - a.count).slice(0, PROBLEMS);
  yield { result: { ...counter.result(), problems: sorted } };
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

function countClasses(labels: Uint8Array): number[] {
  const counts = new Array<number>(CLASSES).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}

function addProblem(
  problems: Map<string, ScanResult['problems'][number]>,
  reason: Reason,
  path: Buffer,
): void {
  const key = JSON.stringify(reason);
  const known = problems.get(key);
  if (known) known.count++;
  else problems.set(key, { reason, count: 1, example: escapeName(path) });
}
