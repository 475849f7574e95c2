import fs from 'node:fs';
import path from 'node:path';
import { addSampleModel } from '../../src/engine/api/test-support.ts';
import * as ledger from '../../src/engine/batches/ledger.ts';
import { readingOf } from '../../src/engine/batches/reading.ts';
import { createProject } from '../../src/engine/project/store.ts';
import { CLASSES, defaultRecipe } from '../../src/shared/domain.ts';
import { png, testDigits } from './digits.ts';

const STEP = 10_000;
const KNOWN = 2_000;

/** How a digit of the batch was read: nine of ten rightly. */
export const readAs = (at: number, label: number): number => (at % 10 === 9 ? (label + 1) % CLASSES : label);

/**
 * Makes a project in `folder` with one finished batch over MNIST's test digits, again and again up to `count`, none of them labelled; the
 * later a digit, the surer it is. The first `files` have their scans in `scans`.
 */
export async function makeBatchProject(
  folder: string,
  scans: string,
  count: number,
  files: number,
): Promise<void> {
  const digits = testDigits(Math.min(KNOWN, count));
  fs.mkdirSync(scans, { recursive: true });
  const name = (at: number): string => `scan-${String(at).padStart(7, '0')}.png`;
  await Promise.all(
    digits
      .slice(0, files)
      .map(async ({ tile }, at) => fs.writeFileSync(path.join(scans, name(at)), await png(tile))),
  );
  const project = createProject(folder, 'Queue');
  try {
    const { db } = project;
    const batchId = ledger.addFolderBatch(db, {
      ...{ name: 'Monday scans', source: scans, root: Buffer.from(scans) },
      ...{ modelId: addSampleModel(db), recipe: defaultRecipe },
    });
    for (let from = 0; from < count; from += STEP) {
      const places = Array.from({ length: Math.min(STEP, count - from) }, (_, at) => from + at);
      ledger.enterFiles(
        db,
        batchId,
        places.map((at) => ({ path: Buffer.from(name(at)), size: 300n, mtimeNs: 1n, refused: null })),
      );
      const queued = ledger.queuedFiles(db, batchId, 0, STEP);
      const results = queued.map(({ id }, index): ledger.FileResult => {
        const at = from + index;
        const { tile, label } = digits[at % digits.length]!;
        const confidence = 0.3 + (0.69 * at) / count;
        const values = new Float32Array(CLASSES).fill((1 - confidence) / (CLASSES - 1));
        values[readAs(at, label)] = confidence;
        return {
          ...{ fileId: id, status: 'done', reason: null, hash: null, width: 28, height: 28, reused: false },
          digit: { reading: readingOf(values), label: null, tile },
        };
      });
      ledger.enterResults(db, batchId, results, 1);
    }
    ledger.markListed(db, batchId);
    ledger.setBatchState(db, batchId, 'done');
  } finally {
    project.close();
  }
}
