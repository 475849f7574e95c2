import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Classifier } from './classifier.ts';

/** The studio's engine: a folder to committed ledger rows and a CSV. A step is the whole folder. Line protocol as in torch_training.py. */
const [, folder] = process.argv.slice(2) as [string, string];
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-folders-'));
const classifier = new Classifier(home);
process.stdout.write('LeNet Studio\n');
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line.split(' ')[1]);
  let seconds = 0;
  for (let step = 0; step < steps; step++) ({ seconds } = await classifier.run(folder));
  process.stdout.write(`${seconds}\n`);
}
await classifier.close();
fs.rmSync(home, { recursive: true, force: true });
