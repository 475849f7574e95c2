import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spread } from '../peers/peer.ts';
import { Classifier } from '../peers/classifier.ts';
import { writeDigits, writeScans } from '../peers/folder-files.ts';

/**
 * `npm run bench:known -- [FILES [ROUNDS]]`: what a second batch costs when its files are copies of the first one's, and when none of them are, beside the same
 * folder in an empty project, alternating; time that all processes computed per file, in microseconds, and files per second.
 */
const [files = 5_000, rounds = 5] = process.argv.slice(2).map(Number);
if (![files, rounds].every((value) => Number.isInteger(value) && value > 0)) {
  console.error('usage: npm run bench:known -- [FILES [ROUNDS]]');
  process.exit(2);
}
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-known-'));
const at = (name: string): string => path.join(home, name);
const classifier = new Classifier(home);
try {
  for (const [kind, write] of Object.entries({
    digits: writeDigits,
    scans: (folder: string, count: number) => writeScans(folder, count, 'grey'),
  })) {
    const [first, copies, others] = ['first', 'copies', 'others'].map((name) => at(`${kind} ${name}`));
    await write(at(kind), 2 * files);
    const names = fs.readdirSync(at(kind), { recursive: true, encoding: 'utf8' });
    const pictures = names.filter((name) => fs.statSync(path.join(at(kind), name)).isFile());
    for (const folder of [first!, copies!, others!]) fs.mkdirSync(folder);
    pictures.toSorted().forEach((name, index) => {
      const source = path.join(at(kind), name);
      const to = (folder: string): void =>
        fs.copyFileSync(source, path.join(folder, name.replaceAll(path.sep, '-')));
      if (index % 2 === 0) [first!, copies!].forEach(to);
      else to(others!);
    });
    const cases = {
      alone: () => classifier.run(others!),
      'after others': () => classifier.run(others!, first),
      'after its copies': () => classifier.run(copies!, first),
    };
    await classifier.run(first!);
    const measured = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as [number, number][]]));
    for (let round = 0; round < rounds; round++)
      for (const [name, run] of Object.entries(cases)) {
        const { cpuPerFile, seconds } = await run();
        measured[name]!.push([cpuPerFile, files / seconds]);
      }
    for (const [name, runs] of Object.entries(measured)) {
      const [cpu, speed] = [0, 1].map((index) => Math.round(spread(runs.map((run) => run[index]!)).median));
      console.log(`${kind}, ${name}: ${cpu} µs of computing per file, ${speed} files/s`);
    }
  }
} finally {
  await classifier.close();
  fs.rmSync(home, { recursive: true, force: true });
}
