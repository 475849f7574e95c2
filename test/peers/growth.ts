import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Classifier } from './classifier.ts';
import { writeDigits } from './folder-files.ts';

/**
 * What a file costs in a small folder and in a large one, in an engine of its own: `growth.ts SMALL LARGE ROUNDS`. Writes its figures as one line of
 * JSON. The small folder is read before and after the large one, as often as asked for: the machine's pace is another one at times.
 */
const [small, large, rounds] = process.argv.slice(2).map(Number) as [number, number, number];
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-growth-'));
const classifier = new Classifier(home);
try {
  const [few, many] = [path.join(home, 'few'), path.join(home, 'many')];
  await writeDigits(few, small);
  await writeDigits(many, large);
  await classifier.run(few);
  const runs = { few: [] as Figures[], many: [] as Figures[] };
  runs.few.push(await classifier.run(few));
  for (let round = 0; round < rounds; round++) {
    runs.many.push(await classifier.run(many));
    runs.few.push(await classifier.run(few));
  }
  process.stdout.write(`${JSON.stringify(runs)}\n`);
} finally {
  await classifier.close();
  fs.rmSync(home, { recursive: true, force: true });
}

type Figures = Awaited<ReturnType<Classifier['run']>>;
