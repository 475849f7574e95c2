import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { sampleCard, writeDigitFiles } from '../engine/api/test-support.ts';
import { readMnist } from '../engine/datasets/mnist.ts';
import { EngineChild } from '../engine/engine-child.testing.ts';
import { initialWeights } from '../engine/models/initialise.ts';
import { writeModel } from '../engine/models/store.ts';
import { defaultParameters, TILE_BYTES } from '../shared/domain.ts';
import { lenet5 } from '../shared/models/family/lenet5.ts';
import { mnistFolder, run, type Ended, type RunOptions } from './run.testing.ts';

// The command as a user runs it, several times each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const DIGITS = 400;
const BAD = 2;

let home: string;
let place = '';
const at = (...parts: string[]): string => path.join(place, ...parts);
const scans = (...parts: string[]): string => at('scans', ...parts);

beforeAll(async () => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-twin-')));
  const architecture = lenet5(defaultParameters);
  const weights = initialWeights(architecture, 1);
  await writeModel(path.join(home, 'model'), { card: sampleCard(), architecture, weights });
  await writeDigitFiles(path.join(home, 'scans'), { count: DIGITS });
  fs.writeFileSync(path.join(home, 'scans', 'say "é".png'), '');
  fs.writeFileSync(path.join(home, 'scans', 'letter.txt'), 'dear');
});
afterAll(() => fs.rmSync(home, { recursive: true, force: true }));

/** Every test has a folder of scans of its own. */
const fresh = (name: string): void => {
  place = path.join(home, name);
  fs.cpSync(path.join(home, 'scans'), scans(), { recursive: true, preserveTimestamps: true });
};
const classify = (args: string[], options: RunOptions = {}): Promise<Ended> =>
  run(['classify', 'scans', '--json', ...args], { cwd: place, ...options });
const inProject = (...args: string[]): Promise<Ended> =>
  classify(['--project', 'project', '--model', '../model', ...args]);
/** Digits in the project's ledger, which another process may be writing. */
function doneFiles(): number {
  const database = at('project', 'project.sqlite');
  if (!fs.existsSync(database)) return 0;
  const db = new Database(database, { readonly: true });
  try {
    return db.prepare(`SELECT COUNT(*) FROM batch_file WHERE status = 'done'`).pluck().get() as number;
  } catch {
    return 0;
  } finally {
    db.close();
  }
}
const lines = (name: string): string[] => fs.readFileSync(at(name), 'utf8').trimEnd().split('\n');

const engines: EngineChild[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.kill('SIGKILL')));
});

it('keeps a batch in a project that it makes; the window sees it and exports the same bytes', async () => {
  fresh('twin');
  const first = await inProject('--out', 'first.csv', '--max-rejected', '3%').catch(() => null);
  // The model was never measured: nothing has begun.
  expect(first!.code).toBe(1);
  expect(fs.existsSync(at('project'))).toBe(false);

  const made = await inProject('--out', 'cli 1.csv');
  expect(made.code).toBe(0);
  expect(made.json()).toMatchObject({ files: DIGITS + BAD, failed: 1, skipped: 1, reused: 0, batch: 1 });
  const confidences = lines('cli 1.csv').flatMap((line) => /,(0\.\d+),\d,/.exec(line)?.[1] ?? []);
  const threshold = confidences.toSorted()[DIGITS / 2]!;
  const again = await inProject('--out', 'cli 2.jsonl', '--threshold', threshold);
  expect(again.json()).toMatchObject({ files: DIGITS + BAD, reused: DIGITS, batch: 2, name: 'scans 2' });
  for (const out of ['cli 2.csv', 'cli 2.parquet']) {
    const args = ['--model', '../model', '--out', out, '--threshold', threshold];
    expect((await classify(args)).code).toBe(0);
  }

  const engine = new EngineChild(at('user'));
  engines.push(engine);
  const project = await engine.grant(at('project'), 'project-folder');
  await engine.client.project.open({ folder: project.id });
  const batches = await engine.client.batches.list();
  expect(batches).toMatchObject([
    { id: 2, state: 'done', reused: DIGITS, rejection: { threshold: Number(threshold) } },
    { id: 1, state: 'done', reused: 0, source: scans() },
  ]);
  expect(await engine.client.models.list()).toHaveLength(1);
  for (const [batchId, format] of [
    [1, 'csv'],
    [2, 'csv'],
    [2, 'jsonl'],
    [2, 'parquet'],
  ] as const) {
    const file = await engine.grant(at(`window ${batchId}.${format}`), 'write-file');
    const { rows } = await engine.client.batches.export({ batchId, file: file.id, format });
    expect(rows).toBe(DIGITS + BAD);
    const window = fs.readFileSync(at(`window ${batchId}.${format}`));
    expect(window.equals(fs.readFileSync(at(`cli ${batchId}.${format}`)))).toBe(true);
  }

  const [, ...csv] = lines('cli 2.csv');
  const objects = lines('cli 2.jsonl').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(objects).toHaveLength(csv.length);
  expect(Object.keys(objects[0]!)).toEqual(lines('cli 2.csv')[0]!.split(','));
  const text = (value: unknown): string => {
    if (typeof value === 'number' && !Number.isInteger(value)) return value.toFixed(6);
    const field = String(value ?? '');
    return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
  };
  expect(objects.map((row) => Object.values(row).map(text).join(','))).toEqual(csv);
  expect(objects.some(({ status }) => status === 'rejected')).toBe(true);
});

it.each(['SIGKILL', 'SIGINT'] as const)(
  'stopped by %s, --resume ends as if nothing had been',
  async (signal) => {
    fresh(signal);
    for (let copy = 0; copy < 6; copy++)
      fs.cpSync(path.join(home, 'scans'), scans(`copy ${copy}`), { recursive: true });
    let timer: NodeJS.Timeout | undefined;
    const stopped = await classify(['--project', 'project', '--model', '../model'], {
      onStart: (child) => {
        timer = setInterval(() => {
          if (doneFiles() <= 200) return;
          clearInterval(timer);
          child.kill(signal);
        }, 5);
      },
    });
    clearInterval(timer);
    const before = doneFiles();
    expect(before).toBeLessThan(7 * DIGITS);
    if (signal === 'SIGINT') {
      expect(stopped.code).toBe(130);
      expect(stopped.stderr).toContain('--resume');
    } else expect(stopped.code).toBe(null);

    const resumed = await classify(['--project', 'project', '--resume', '--out', 'resumed.csv']);
    expect(resumed.code).toBe(0);
    expect(resumed.json()).toMatchObject({ files: 7 * (DIGITS + BAD), classified: 7 * DIGITS, batch: 1 });
    const whole = await classify(['--model', '../model', '--out', 'whole.csv']);
    expect(whole.code).toBe(0);
    expect(lines('resumed.csv')).toEqual(lines('whole.csv'));

    const none = await classify(['--project', 'project', '--resume']);
    expect(none.code).toBe(1);
    expect(none.json()).toMatchObject({ error: { code: 'nothing-to-resume', folder: scans() } });
  },
);

it('takes what has not changed by size and time, with --verify by content', async () => {
  fresh('verify');
  const { tiles } = await readMnist(mnistFolder, 'test');
  // Not compressed, so that all are of one size.
  const picture = (index: number): Promise<Buffer> =>
    sharp(tiles.subarray(index * TILE_BYTES, (index + 1) * TILE_BYTES), {
      raw: { width: 28, height: 28, channels: 1 },
    })
      .png({ compressionLevel: 0 })
      .toBuffer();
  const write = async (name: string, index: number, time: number): Promise<void> => {
    fs.writeFileSync(scans(name), await picture(index));
    fs.utimesSync(scans(name), time, time);
  };
  for (const [index, name] of ['content.png', 'time.png', 'both.png'].entries())
    await write(name, index, 1_000_000_000);
  expect((await inProject('--out', 'first.jsonl')).code).toBe(0);
  await write('content.png', 3, 1_000_000_000);
  await write('time.png', 1, 1_100_000_000);
  await write('both.png', 4, 1_100_000_000);

  // The content of the one with another time stands in the ledger.
  expect((await inProject('--out', 'quick.jsonl')).json()).toMatchObject({ reused: DIGITS + 2 });
  expect((await inProject('--verify', '--out', 'verified.jsonl')).json()).toMatchObject({
    reused: DIGITS + 2,
  });
  const rowsOf = (file: string): { path: string; reason: string | null; confidence: number }[] =>
    lines(file).map((line) => JSON.parse(line) as ReturnType<typeof rowsOf>[number]);
  const changed = (file: string): string[] =>
    rowsOf(file)
      .filter(({ reason }) => reason?.includes('changed'))
      .map((row) => row.path);
  expect(changed('quick.jsonl')).toEqual(['both.png', 'time.png']);
  expect(changed('verified.jsonl')).toEqual(['content.png']);
  const confidences = ['first.jsonl', 'quick.jsonl', 'verified.jsonl'].map(
    (file) => rowsOf(file).find((row) => row.path === 'content.png')!.confidence,
  );
  expect(confidences[1]).toBe(confidences[0]);
  expect(confidences[2]).not.toBe(confidences[0]);
});

/** Contents of the pictures below a folder. */
const pictures = (folder: string): string[] =>
  (fs.readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.png'))
    .map((name) => fs.readFileSync(path.join(folder, name), 'latin1'))
    .sort();

it('copies or moves the files into class folders, and takes that back by the manifest', async () => {
  fresh('filing');
  const before = pictures(scans());
  const copied = await classify(['--model', '../model', '--out', 'r.csv', '--copy-to', 'copies']);
  expect(copied.json()).toMatchObject({ filing: { total: DIGITS + 1, filed: DIGITS + 1, reasons: {} } });
  const digitOf = new Map(lines('r.csv').map((line) => line.split(',').slice(0, 2) as [string, string]));
  for (const name of fs.readdirSync(at('copies', '7')))
    expect([...digitOf].some(([from, digit]) => path.basename(from) === name && digit === '7')).toBe(true);
  expect(fs.readdirSync(at('copies', 'failed'))).toEqual(['say "é".png']);
  expect(pictures(at('copies'))).toEqual(before);

  const moved = await inProject('--move-to', 'sorted', '--folders', 'digits,rejected');
  expect(moved.json()).toMatchObject({ filing: { total: DIGITS, filed: DIGITS } });
  expect(pictures(scans())).toEqual(['']);
  const manifest = at('sorted', 'lenet-studio-manifest.csv');
  const undone = await run(['manifest', 'undo', manifest, '--json'], { cwd: place });
  expect(undone.json()).toMatchObject({ total: DIGITS, filed: 0, reasons: {} });
  expect(pictures(scans())).toEqual(before);
  expect(fs.readdirSync(at('sorted'))).toEqual([]);

  const gone = await run(['manifest', 'undo', manifest, '--json'], { cwd: place });
  expect([gone.code, gone.json()]).toMatchObject([1, { error: { code: 'manifest-unreadable' } }]);
  const inside = await classify(['--model', '../model', '--out', 'r.csv', '--move-to', 'scans/sorted']);
  expect(inside.json()).toMatchObject({ error: { code: 'target-inside-source' } });
});

it('watches a folder, and goes on with the same batch the next time, also when it was killed', async () => {
  fresh('watch');
  const picture = fs.readFileSync(scans('7', fs.readdirSync(scans('7'))[0]!));
  /** Puts a file into the folder once the others were read, and ends the command when that was read, too. */
  const watch = async (added: string, others: number, signal: 'SIGINT' | 'SIGKILL'): Promise<Ended> => {
    let timer: NodeJS.Timeout | undefined;
    const args = ['--project', 'project', '--model', '../model', '--watch', '--out', 'watched.csv'];
    const ended = await classify(args, {
      onStart: (child) => {
        timer = setInterval(() => {
          const done = doneFiles();
          if (done > others) {
            // Once: a second one ends the command at once.
            clearInterval(timer);
            child.kill(signal);
          } else if (done === others && !fs.existsSync(scans(added))) fs.writeFileSync(scans(added), picture);
        }, 50);
      },
    });
    clearInterval(timer);
    return ended;
  };
  const first = await watch('first.png', DIGITS, 'SIGINT');
  expect(first.code).toBe(0);
  expect(first.json()).toMatchObject({ files: DIGITS + BAD + 1, batch: 1 });
  expect(lines('watched.csv')).toHaveLength(DIGITS + BAD + 2);
  expect((await watch('second.png', DIGITS + 1, 'SIGKILL')).code).toBe(null);
  const third = await watch('third.png', DIGITS + 2, 'SIGINT');
  expect(third.json()).toMatchObject({ files: DIGITS + BAD + 3, failed: 1, skipped: 1, batch: 1 });
  expect(lines('watched.csv').filter((line) => /^(first|second|third)\.png,\d,/.test(line))).toHaveLength(3);
});

it.each([
  ['--resume without a project', ['--resume'], '--project'],
  ['--verify without a project', ['--verify', '--model', 'm', '--out', 'x.csv'], '--project'],
  ['nowhere to write', ['--model', 'm'], '--out'],
  ['--watch without a project', ['--watch', '--model', 'm', '--out', 'x.csv'], '--project'],
  ['no model', ['--project', 'p'], '--model'],
  ['two ways to file', ['--model', 'm', '--out', 'x.csv', '--copy-to', 'a', '--move-to', 'b'], '--move-to'],
  ['class folders for nothing', ['--model', 'm', '--out', 'x.csv', '--folders', 'digits'], '--copy-to'],
  ['other class folders', ['--model', 'm', '--out', 'x.csv', '--copy-to', 'a', '--folders', 'x'], 'digits'],
  ['an unknown format', ['--model', 'm', '--out', 'x.csv', '--format', 'xml'], 'xml'],
  ['--resume with another threshold', ['--project', 'p', '--resume', '--threshold', '0.5'], '--threshold'],
])('is refused as wrong usage: %s', async (_, args, named) => {
  const { code, stdout, stderr } = await run(['classify', 'scans', ...args], { cwd: home });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(named);
});

it('follows links when asked, in a project and without, and goes on so', async () => {
  fresh('links');
  await writeDigitFiles(at('outside'), { count: 5 });
  fs.symlinkSync(at('outside'), scans('linked'));
  const [plain] = [await inProject('--out', 'plain.csv')];
  expect(plain.code).toBe(0);
  expect(lines('plain.csv')).toContain('linked,,,,,skipped,symbolic link');
  const followed = await inProject('--follow-links', '--out', 'followed.csv');
  expect(followed.code).toBe(0);
  expect(lines('followed.csv').filter((line) => /^linked\/.*,done,/.test(line))).toHaveLength(5);
  const alone = await classify(['--model', '../model', '--follow-links', '--out', 'alone.csv']);
  expect(alone.code).toBe(0);
  expect(lines('alone.csv')).toEqual(lines('followed.csv'));
  const conflict = await classify(['--project', 'project', '--resume', '--follow-links']);
  expect(conflict.code).toBe(2);
});
