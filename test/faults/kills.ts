import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { surviveKills } from '../../src/engine/batches/kills.testing.ts';

/**
 * `npm run test:kills -- [KILLS] [FILES] [SEED]`: kills the engine at random moments of a batch, 50 times over 10,000 files unless told otherwise, and
 * compares the ledger with that of an undisturbed run.
 */
const [kills = 50, files = 10_000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
if (![kills, files, seed].every((value) => Number.isInteger(value) && value > 0) || files > 10_000) {
  console.error('usage: npm run test:kills -- [KILLS] [FILES up to 10000] [SEED]');
  process.exit(2);
}
const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-kills-')));
try {
  console.log(`seed ${seed}`);
  const report = await surviveKills({ home, kills, files, seed, log: (line) => console.log(line) });
  console.log(
    `${report.kills} kills in ${report.batches} batches of ${report.files} files: every ledger is that of the undisturbed run, and no file is there twice.`,
  );
} finally {
  fs.rmSync(home, { recursive: true, force: true });
}
