import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { filingParts, type FilingAction, type FilingPart } from '../../shared/contract/filing.ts';
import { ownDisk, mayMount } from '../batches/own-disk.testing.ts';
import { addSampleBatch, runSampleBatch } from '../batches/batch.testing.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { openLedger } from '../project/store.ts';
import { randomStream } from '../tensor/random.ts';
import { finishFiling, undoFiling } from './carry-out.ts';
import { prepareFiling, runFiling, runUndo } from './file-batch.ts';
import { filingCounts, filingPlan } from './plan.ts';
import { writeManifest } from './manifest.ts';
import { addFiling, getFiling } from './store.ts';

vi.setConfig({ testTimeout: 120_000 });

let home: string;
let scans: string;
let target: string;
let db: Db;
let batchId: number;
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-filing-')));
  scans = path.join(home, 'scans');
  target = path.join(home, 'sorted');
  db = openLedger();
});
afterEach(() => {
  db.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** What lies below a folder: name and content of each file. */
function tree(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of fs.readdirSync(folder, { recursive: true }) as string[])
    if (fs.lstatSync(path.join(folder, name)).isFile())
      found[name] = sha256(fs.readFileSync(path.join(folder, name)));
  return found;
}
const contents = (folder: string): string[] => Object.values(tree(folder)).sort();

function write(files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(scans, name)), { recursive: true });
    fs.writeFileSync(path.join(scans, name), content);
  }
}

/** A batch over files with these names; digits below the threshold are rejected. */
async function classified(files: Record<string, string>, threshold = 0): Promise<void> {
  write(files);
  const rejection = { threshold, wish: { threshold }, promise: null };
  batchId = addSampleBatch(db, scans, { rejection });
  await runSampleBatch(db, batchId);
}

const many = (count: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`${at % 7}/${Math.floor(at / 7)}.png`, `content ${at}`]),
  );

async function filed(
  action: FilingAction,
  parts: readonly FilingPart[] = filingParts,
  into = target,
): Promise<number> {
  const id = addFiling(db, await prepareFiling(db, { batchId, action, parts, target: into }));
  await runFiling(db, id);
  return id;
}

/** The plan alone. */
async function planned(action: FilingAction, into = target): Promise<string> {
  const { manifest } = await prepareFiling(db, { batchId, action, parts: filingParts, target: into });
  const plan = filingPlan(db, { batchId, parts: filingParts, action, target: into });
  await writeManifest({ file: manifest, action, root: Buffer.from(scans), follow: false }, plan);
  return manifest;
}

const digitsOf = (): Map<string, string> =>
  new Map(
    sql<{ path: string; status: string; digit: number | null }>(
      db,
      `SELECT CAST(path AS TEXT) AS path, status, digit FROM batch_file LEFT JOIN batch_item ON file_id = batch_file.id WHERE batch_file.batch_id = ?`,
    )
      .all(batchId)
      .map(({ path: name, status, digit }) => [name, status === 'done' ? String(digit) : status]),
  );

describe('class folders', () => {
  it('get a copy of each file under its digit, of what was rejected and of what failed', async () => {
    await classified({ ...many(120), 'empty.png': '' }, 0.7);
    const before = tree(scans);
    const folders = digitsOf();
    const counts = await filingCounts(db, batchId);
    expect(counts.digits + counts.rejected + counts.failed).toBe(121);
    expect(counts.failed).toBe(1);
    expect(counts.rejected).toBeGreaterThan(10);
    const id = await filed('copy');
    expect(getFiling(db, id)).toMatchObject({ state: 'done', total: 121, filed: 121, reasons: {}, target });
    expect(tree(scans)).toEqual(before);
    const lines = fs
      .readFileSync(path.join(target, 'lenet-studio-manifest.csv'), 'utf8')
      .split('\n')
      .slice(1);
    const seen = new Set<string>();
    for (const line of lines.filter(Boolean)) {
      const [action, root, from, to, hash, state] = line.split(',');
      expect([action, root, state]).toEqual(['copy', scans, 'done']);
      expect(to!.split('/')[0]).toBe(folders.get(from!));
      expect(sha256(fs.readFileSync(path.join(target, to!)))).toBe(hash);
      expect(before[from!]).toBe(hash);
      seen.add(to!);
    }
    expect(seen.size).toBe(121);
    await runUndo(db, id);
    expect(getFiling(db, id)).toMatchObject({ state: 'undone', filed: 0 });
    expect(fs.readdirSync(target)).toEqual([]);
    expect(tree(scans)).toEqual(before);
  });

  it('go by the label that a person gave, and get only the parts that were asked for', async () => {
    await classified({ 'a.png': 'one', 'b.png': 'two', 'c.png': '' }, 0.99);
    expect(new Set(digitsOf().values())).toEqual(new Set(['rejected', 'failed']));
    sql(
      db,
      `UPDATE batch_item SET label = 4 WHERE file_id = (SELECT id FROM batch_file WHERE path = CAST('b.png' AS BLOB))`,
    ).run();
    expect(await filingCounts(db, batchId)).toEqual({ digits: 1, rejected: 1, failed: 1 });
    const decide = (decision: string | null): void =>
      void sql(db, `UPDATE batch_item SET decision = ? WHERE label = 4`).run(decision);
    decide('doubted');
    expect(await filingCounts(db, batchId)).toEqual({ digits: 0, rejected: 2, failed: 1 });
    decide('accepted');
    await filed('copy', ['digits']);
    expect(Object.keys(tree(target)).sort()).toEqual(['4/b.png', 'lenet-studio-manifest.csv']);
  });

  it('overwrite nothing: a name that is taken gets a number, whatever its case', async () => {
    await classified({ 'a/x.png': 'same', 'b/x.png': 'same', 'c/X.PNG': 'same', 'd/x (2).png': 'same' });
    const digit = digitsOf().get('a/x.png')!;
    fs.mkdirSync(path.join(target, digit), { recursive: true });
    fs.writeFileSync(path.join(target, digit, 'x.png'), 'of somebody else');
    const id = await filed('move');
    expect(fs.readdirSync(path.join(target, digit)).sort()).toEqual(
      ['x.png', 'x (2).png', 'x (3).png', 'X (4).PNG', 'x (2) (2).png'].sort(),
    );
    expect(tree(scans)).toEqual({});
    await runUndo(db, id);
    expect(Object.keys(tree(scans)).sort()).toEqual(['a/x.png', 'b/x.png', 'c/X.PNG', 'd/x (2).png']);
    expect(tree(target)).toEqual({ [`${digit}/x.png`]: sha256('of somebody else') });
  });

  it('leave a file where it is that changed, vanished or is a link since, and a name that was taken since', async () => {
    await classified({ 'a.png': 'one', 'b.png': 'two', 'c.png': 'three', 'd.png': 'four', 'e.png': 'five' });
    const manifest = await planned('move');
    fs.writeFileSync(path.join(scans, 'a.png'), 'another');
    fs.rmSync(path.join(scans, 'b.png'));
    fs.renameSync(path.join(scans, 'c.png'), path.join(home, 'c.png'));
    fs.symlinkSync(path.join(home, 'c.png'), path.join(scans, 'c.png'));
    const taken = path.join(target, digitsOf().get('d.png')!, 'd.png');
    fs.mkdirSync(path.dirname(taken), { recursive: true });
    fs.writeFileSync(taken, 'of somebody else');
    expect(await finishFiling(manifest)).toEqual({
      total: 5,
      filed: 1,
      reasons: { 'file-changed': 1, vanished: 1, 'symbolic-link': 1, 'name-taken': 1 },
    });
    expect(fs.readFileSync(manifest, 'utf8')).toContain(',vanished\n');
    await undoFiling(manifest);
    expect(fs.readFileSync(taken, 'utf8')).toBe('of somebody else');
    expect(fs.readFileSync(path.join(scans, 'e.png'), 'utf8')).toBe('five');
    expect(fs.existsSync(manifest)).toBe(false);
  });

  it('keep a copy that was edited, or whose original is gone, when it is taken back', async () => {
    await classified({ 'a.png': 'one', 'b.png': 'two', 'c.png': 'three' });
    const id = await filed('copy');
    const digit = digitsOf();
    const edited = path.join(target, digit.get('a.png')!, 'a.png');
    fs.writeFileSync(edited, 'edited');
    fs.rmSync(path.join(scans, 'b.png'));
    expect(await runUndo(db, id)).toEqual({
      total: 3,
      filed: 2,
      reasons: { 'file-changed': 1, 'original-gone': 1 },
    });
    expect(getFiling(db, id)).toMatchObject({ state: 'done', filed: 2 });
    expect(fs.readFileSync(edited, 'utf8')).toBe('edited');
    expect(fs.readFileSync(path.join(target, digit.get('b.png')!, 'b.png'), 'utf8')).toBe('two');
    // Once the reasons are gone, the rest comes back, too.
    fs.writeFileSync(edited, 'one');
    fs.writeFileSync(path.join(scans, 'b.png'), 'two');
    await runUndo(db, id);
    expect(fs.readdirSync(target)).toEqual([]);
  });

  it('take over and give back files of several names, without making one of them two', async () => {
    write({ 'a.png': 'one' });
    fs.linkSync(path.join(scans, 'a.png'), path.join(scans, 'b.png'));
    fs.linkSync(path.join(scans, 'a.png'), path.join(home, 'outside.png'));
    await classified({});
    const inode = fs.statSync(path.join(scans, 'a.png')).ino;
    const id = await filed('move');
    const moved = Object.keys(tree(target)).filter((name) => name.endsWith('.png'));
    expect(moved.map((name) => fs.statSync(path.join(target, name)).ino)).toEqual([inode, inode]);
    expect(fs.readdirSync(scans)).toEqual([]);
    await runUndo(db, id);
    expect(fs.readdirSync(scans)).toEqual(['a.png', 'b.png']);
    expect(fs.statSync(path.join(home, 'outside.png')).nlink).toBe(3);
  });
});

describe('what leads out of the folders', () => {
  it('is refused: a target in the classified folder or around it', async () => {
    await classified({ '7/a.png': 'one' });
    const wish = { batchId, action: 'copy', parts: filingParts } as const;
    fs.symlinkSync(scans, path.join(home, 'link'));
    for (const inside of [scans, path.join(scans, 'sorted'), path.join(home, 'link', 'sorted')])
      await expect(prepareFiling(db, { ...wish, target: inside })).rejects.toMatchObject({
        code: 'target-inside-source',
      });
    batchId = addSampleBatch(db, path.join(scans, '7'));
    await runSampleBatch(db, batchId);
    await expect(prepareFiling(db, { ...wish, batchId, target: scans })).rejects.toMatchObject({
      code: 'target-inside-source',
    });
  });

  it('is refused: a class folder that is a link, a manifest that says so, folders that became links', async () => {
    await classified({ 'deep/a.png': 'one' });
    const digit = digitsOf().get('deep/a.png')!;
    const outside = path.join(home, 'outside');
    fs.mkdirSync(outside);
    fs.mkdirSync(target);
    fs.symlinkSync(outside, path.join(target, digit));
    const manifest = await planned('move');
    await expect(finishFiling(manifest)).rejects.toMatchObject({ code: 'cannot-write' });
    expect(fs.readdirSync(outside)).toEqual([]);
    fs.rmSync(path.join(target, digit));

    const text = fs.readFileSync(manifest, 'utf8');
    for (const [from, to] of [
      ['deep/a.png', '../a.png'],
      ['deep/a.png', '/a.png'],
      [`${digit}/a.png`, '../a.png'],
      [`${digit}/a.png`, `${digit}/..`],
      [`${digit}/a.png`, 'other/a.png'],
      [`move,${scans}`, 'move,scans'],
      [`move,${scans}`, `drop,${scans}`],
    ] as const) {
      fs.writeFileSync(manifest, text.replace(from, to));
      await expect(finishFiling(manifest)).rejects.toMatchObject({ code: 'manifest-unreadable' });
      await expect(undoFiling(manifest)).rejects.toMatchObject({ code: 'manifest-unreadable' });
    }
    fs.writeFileSync(manifest, text);
    await finishFiling(manifest);
    fs.rmdirSync(path.join(scans, 'deep'));
    fs.symlinkSync(outside, path.join(scans, 'deep'));
    expect(await undoFiling(manifest)).toMatchObject({ filed: 1, reasons: { 'outside-folder': 1 } });
    expect(fs.readdirSync(outside)).toEqual([]);
  });

  it('does not count as a file of the batch: one below a folder that became a link', async () => {
    await classified({ 'deep/a.png': 'one' });
    fs.renameSync(path.join(scans, 'deep'), path.join(home, 'deep'));
    fs.symlinkSync(path.join(home, 'deep'), path.join(scans, 'deep'));
    const id = await filed('move');
    expect(getFiling(db, id)).toMatchObject({ filed: 0, reasons: { 'outside-folder': 1 } });
    expect(fs.readdirSync(path.join(home, 'deep'))).toEqual(['a.png']);
  });
});

/** Another file system than that of temporary files, to move to. */
const otherDisk = '/dev/shm';
const hasOther = fs.existsSync(otherDisk) && fs.statSync(otherDisk).dev !== fs.statSync(os.tmpdir()).dev;

it.runIf(hasOther)('moves to another file system and back, with times of change and rights', async () => {
  const there = fs.mkdtempSync(path.join(otherDisk, 'studio-filing-'));
  try {
    await classified(many(40));
    const before = tree(scans);
    const file = path.join(scans, '0/0.png');
    fs.utimesSync(file, 1e9, 1e9);
    fs.chmodSync(file, 0o640);
    const id = await filed('move', filingParts, there);
    expect(contents(scans)).toEqual([]);
    const moved = fs
      .readdirSync(there, { recursive: true })
      .map((name) => path.join(there, String(name)))
      .find((name) => name.endsWith('.png') && fs.statSync(name).mtimeMs === 1e12)!;
    expect(fs.statSync(moved).mode & 0o777).toBe(0o640);
    await runUndo(db, id);
    expect(tree(scans)).toEqual(before);
    expect(fs.statSync(file)).toMatchObject({ mtimeMs: 1e12 });
    expect(fs.readdirSync(there)).toEqual([]);
  } finally {
    fs.rmSync(there, { recursive: true });
  }
});

const child = fileURLToPath(new URL('./filing.child.ts', import.meta.url));

/** Kills a finishing or undoing process once it has told of so many files; true when it was killed in time. */
async function killed(what: 'finish' | 'undo', manifest: string, after: number): Promise<boolean> {
  const running = spawn(process.execPath, [child, what, manifest]);
  running.stderr.on('data', (text: Buffer) => {
    if (text.toString().trim().split('\n').map(Number).at(-1)! >= after) running.kill('SIGKILL');
  });
  const [, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    running.on('exit', (...end) => resolve(end)),
  );
  return signal === 'SIGKILL';
}

for (const [title, action, into] of [
  ['a move', 'move', () => target],
  ['a copy', 'copy', () => target],
  ...(hasOther
    ? [
        [
          'a move to another file system',
          'move',
          () => fs.mkdtempSync(path.join(otherDisk, 'studio-filing-')),
        ] as const,
      ]
    : []),
] as const)
  it(`${title} that is killed half way, again and again, is finished or taken back, and no file is lost`, async () => {
    const place = into();
    const random = randomStream(7, title);
    try {
      await classified(many(600));
      const before = tree(scans);
      const all = Object.values(before).sort();
      const manifest = await planned(action, place);
      const kept = fs.readFileSync(manifest);
      let kills = 0;
      for (let round = 0; round < 5; round++) {
        const what = round % 2 === 0 ? 'finish' : 'undo';
        if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, kept);
        if (await killed(what, manifest, random.uniform(0, 500))) kills++;
        const found = new Set([...contents(scans), ...contents(place)]);
        expect(all.filter((hash) => !found.has(hash))).toEqual([]);
        if (action === 'copy') expect(tree(scans)).toEqual(before);
      }
      expect(kills).toBeGreaterThan(0);
      if (!fs.existsSync(manifest)) fs.writeFileSync(manifest, kept);
      expect(await finishFiling(manifest)).toEqual({ total: 600, filed: 600, reasons: {} });
      expect(contents(place).filter((hash) => hash !== sha256(fs.readFileSync(manifest)))).toEqual(all);
      expect(fs.readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
      await undoFiling(manifest);
      expect(tree(scans)).toEqual(before);
      expect(fs.readdirSync(place)).toEqual([]);
    } finally {
      if (place !== target) fs.rmSync(place, { recursive: true, force: true });
    }
  });

it('stops between two files when it is cancelled, and goes on', async () => {
  await classified(many(300));
  const { manifest } = await prepareFiling(db, { batchId, action: 'move', parts: filingParts, target });
  const id = addFiling(db, { batchId, action: 'move', parts: filingParts, manifest });
  const stop = new AbortController();
  const running = runFiling(db, id, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  expect(getFiling(db, id)).toMatchObject({ state: 'stopped', error: null, total: 300 });
  expect(contents(scans).length).toBeGreaterThan(100);
  expect(contents(scans).length).toBeLessThan(300);
  await runFiling(db, id);
  expect(getFiling(db, id)).toMatchObject({ state: 'done', filed: 300 });
  expect(contents(scans)).toEqual([]);
});

it.runIf(mayMount)(
  'a full disk stops it with a clear error, no file is lost, and it goes on when there is room',
  async () => {
    const disk = path.join(home, 'disk');
    fs.mkdirSync(disk);
    await classified(
      Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`${at}.png`, `${at} `.repeat(8_000)])),
    );
    const all = contents(scans);
    const manifest = await planned('move', disk);
    // The disk is mounted over the folder: the manifest goes onto it.
    const plan = path.join(home, 'plan.csv');
    fs.renameSync(manifest, plan);
    const script = `mount -t tmpfs -o size=3m tmpfs "$1" && cp "$2" "$3" && "$4" "$5" finish "$3" "$1" && cp -r "$1" "$6"`;
    const out = path.join(home, 'out');
    const { status, stdout, stderr } = spawnSync(
      ownDisk[0]!,
      [
        ...ownDisk.slice(1),
        ...['sh', '-c', script, 'sh', disk, plan, manifest, process.execPath, child, out],
      ],
      { encoding: 'utf8' },
    );
    expect([status, stderr.replaceAll(/\d+\n/g, '')]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(['disk-full', { total: 200, filed: 200, reasons: {} }]);
    expect(contents(scans)).toEqual([]);
    const manifestHash = sha256(fs.readFileSync(path.join(out, path.basename(manifest))));
    expect(contents(out).filter((hash) => hash !== manifestHash)).toEqual(all);
  },
);

it('leaves a file that may not be taken away, and makes no second one of it', async () => {
  await classified({ 'a/x.png': 'one', 'b/y.png': 'two' });
  const locked = path.join(scans, 'a');
  const manifest = await planned('move');
  fs.chmodSync(locked, 0o555);
  try {
    // As somebody whom rights hold; root may do everything.
    const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
    if (asNobody.length > 0) execFileSync('chown', ['-R', '65534', home]);
    const [command, ...args] = [...asNobody, process.execPath, child, 'finish', manifest];
    const { stdout } = spawnSync(command!, args, { encoding: 'utf8', env: { PATH: process.env.PATH } });
    expect(JSON.parse(stdout)).toEqual([{ total: 2, filed: 1, reasons: { 'permission-denied': 1 } }]);
  } finally {
    fs.chmodSync(locked, 0o755);
  }
  expect(tree(scans)).toEqual({ 'a/x.png': sha256('one') });
  expect(Object.values(tree(target))).not.toContain(sha256('one'));
});

describe('what is reached by a link', () => {
  const outside = (name: string): string => path.join(home, 'outside', name);
  beforeEach(async () => {
    fs.mkdirSync(outside('folder'), { recursive: true });
    fs.mkdirSync(scans, { recursive: true });
    for (const name of ['a.png', 'folder/b.png', 'folder/empty.png'])
      fs.writeFileSync(outside(name), name.includes('empty') ? '' : `content of ${name}`);
    fs.writeFileSync(path.join(scans, 'own.png'), 'content');
    fs.symlinkSync(outside('a.png'), path.join(scans, 'link.png'));
    fs.symlinkSync(outside('folder'), path.join(scans, 'linked'));
    batchId = addSampleBatch(db, scans, { followLinks: true });
    expect(await runSampleBatch(db, batchId)).toMatchObject({ total: 4, done: 3, failed: 1, skipped: 0 });
  });

  it('is copied, and the copies are taken back', async () => {
    const before = tree(path.join(home, 'outside'));
    const id = await filed('copy');
    expect(getFiling(db, id)).toMatchObject({ total: 4, filed: 4, reasons: {} });
    expect(Object.values(tree(target))).toEqual(expect.arrayContaining(Object.values(before)));
    await runUndo(db, id);
    expect(fs.readdirSync(target)).toEqual([]);
    expect(tree(path.join(home, 'outside'))).toEqual(before);
  });

  it('is not moved, and the reason says why', async () => {
    const before = tree(path.join(home, 'outside'));
    const id = await filed('move');
    expect(getFiling(db, id)).toMatchObject({ total: 4, filed: 1, reasons: { 'behind-link': 3 } });
    expect(tree(path.join(home, 'outside'))).toEqual(before);
    expect(fs.existsSync(path.join(scans, 'own.png'))).toBe(false);
    expect(fs.lstatSync(path.join(scans, 'link.png')).isSymbolicLink()).toBe(true);
    await runUndo(db, id);
    expect(fs.readFileSync(path.join(scans, 'own.png'), 'utf8')).toBe('content');
  });

  it('keeps its copy when the original is gone', async () => {
    const id = await filed('copy');
    fs.rmSync(outside('a.png'));
    await runUndo(db, id);
    expect(getFiling(db, id)).toMatchObject({ filed: 1, reasons: { 'original-gone': 1 } });
  });
});
