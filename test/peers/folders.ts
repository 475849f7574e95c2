import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { RunFigures } from './classifier.ts';
import { writeDigits, writeScans } from './folder-files.ts';
import { measured, node, ours, Peer, python, spread, writeFigures } from './peer.ts';

/**
 * `npm run bench:folders [-- ROUNDS [LARGE]]`: folders from disk to committed ledger rows and a CSV, beside PIL + PyTorch + sqlite3: 10,000 files of
 * 28 x 28, and scans of 200 x 200 in grey and in colour that both box and centre; then what a file costs in a folder of LARGE files (300,000) against 10,000.
 * Writes docs/bench-folders.json. The files lie in the folder for temporary files (TMPDIR chooses another).
 */
const [rounds = 5, large = 300_000] = process.argv.slice(2).map(Number);
const SMALL = 10_000;
const SCANS = 2_000;

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-bench-folders-'));
try {
  const digits = path.join(home, 'digits');
  await writeDigits(digits, SMALL);
  const scans = { grey: path.join(home, 'grey'), colour: path.join(home, 'colour') };
  for (const tone of ['grey', 'colour'] as const) await writeScans(scans[tone], SCANS, tone);
  const beside = (folder: string, kind: string, files: number) =>
    measured(
      [
        () => new Peer(node('our-folders.ts', folder), 1, files, ours),
        () => new Peer(python('torch_folders.py', folder, kind), 1, files),
      ],
      rounds,
    );
  const small = await beside(digits, 'raw', SMALL);
  const grey = await beside(scans.grey, 'scan', SCANS);
  const colour = await beside(scans.colour, 'scan', SCANS);
  writeFigures('folders', {
    digits: { files: SMALL, ...small },
    greyScans: { files: SCANS, ...grey },
    colourScans: { files: SCANS, ...colour },
    growth: growth(),
  });
} finally {
  fs.rmSync(home, { recursive: true, force: true });
}

function growth(): object {
  const script = path.join(import.meta.dirname, 'growth.ts');
  const { status, stdout } = spawnSync(process.execPath, [script, String(SMALL), String(large), '1'], {
    encoding: 'utf8',
    env: ours,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`growth ended with ${status}`);
  const { few, many } = JSON.parse(stdout) as Record<'few' | 'many', RunFigures[]>;
  const cost = (runs: RunFigures[]): number[] => runs.map(({ seconds, files }) => (seconds / files) * 1e6);
  const figures = {
    files: [SMALL, large],
    microsecondsPerFile: [spread(cost(few)), spread(cost(many))],
    // Of the median, 1 is no growth.
    ratio: spread(cost(many)).median / spread(cost(few)).median,
    memoryMB: [few, many].map((runs) => Math.round(Math.max(...runs.map(({ memoryMB }) => memoryMB)))),
    firstProgressMs: Math.round(Math.max(...many.map(({ firstProgress }) => firstProgress))),
    firstResultMs: Math.round(Math.max(...many.map(({ firstResult }) => firstResult))),
    busy: spread([...few, ...many].map(({ busy }) => busy)),
  };
  console.log(JSON.stringify(figures, null, 2));
  return figures;
}
