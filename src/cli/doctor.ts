import fs from 'node:fs/promises';
import path from 'node:path';
import { presentElectron } from '../../build/setup/electron.mjs';
import { cache } from '../../build/setup/paths.mjs';
import { StudioError } from '../shared/errors.ts';
import { cli } from '../shared/messages/en/cli.ts';
import { readMnist } from '../engine/datasets/mnist.ts';
import { places } from '../serve/places.ts';
import { describe, EXIT, formats, type Outcome, type Session } from './session.ts';

const words = cli.doctor;

interface Finding {
  part: string;
  ok: boolean;
  detail: string;
  /** More about it, for programs. */
  facts?: object;
  /** What to do when it is missing, if not set-up. */
  mend?: string;
}

/** `studio doctor`: loads every part for real; the exit code is 1 when one is missing. */
export async function doctor(session: Session): Promise<Outcome> {
  const findings = [
    node(),
    ...(await Promise.all([
      tried(words.tensorflow, () => tensorflow(session)),
      tried(words.electron, electron),
      tried(words.sqlite, sqlite),
      tried(words.sharp, sharp),
      tried(words.napi, napi),
      tried(words.mnist, mnist),
    ])),
    ...(await caches()),
  ];
  const mends = new Set(findings.filter(({ ok }) => !ok).map(({ mend }) => mend ?? words.mend));
  const width = Math.max(...findings.map(({ part }) => part.length));
  return {
    text: [
      ...findings.map(
        ({ part, ok, detail }) =>
          `${part.padEnd(width)}  ${(ok ? words.ok : words.missing).padEnd(words.missing.length)}  ${detail}`,
      ),
      ...(mends.size > 0 ? mends : [words.good]),
    ],
    json: {
      ok: mends.size === 0,
      parts: findings.map(({ part, ok, detail, facts }) => ({ part, ok, detail, ...facts })),
      mend: [...mends],
    },
    code: mends.size === 0 ? EXIT.done : EXIT.error,
  };
}

type Detail = string | Omit<Finding, 'part' | 'ok'> | Omit<Finding, 'part'>;

/** A part that does not load is missing, for the reason that it gives. */
async function tried(part: string, look: () => Promise<Detail>): Promise<Finding> {
  try {
    const found = await look();
    return { part, ok: true, ...(typeof found === 'string' ? { detail: found } : found) };
  } catch (error) {
    const why = error instanceof StudioError ? describe(error)[0]! : (error as Error).message;
    return { part, ok: false, detail: why.trim().split('\n')[0]! };
  }
}

const node = (): Finding => ({
  part: words.node,
  ok: true,
  detail: words.engine(process.versions.node, process.execPath),
  facts: { version: process.versions.node },
});

async function tensorflow({ compute }: Session): Promise<Detail> {
  const { tensorflow: version, threads } = await compute.info();
  return {
    detail: words.threads(version, threads.intraOp, threads.interOp),
    facts: { version, threads },
  };
}

async function electron(): Promise<Detail> {
  const found = presentElectron();
  if (!found) return { ok: false, detail: words.notThere };
  const { executable, version, official } = found;
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined;
  const there = await fs.access(executable).then(
    () => true,
    () => false,
  );
  if (!there)
    return {
      ok: false,
      detail: `${executable}: ${words.notThere}`,
      ...(chosen && { mend: words.mendOverride }),
    };
  if (chosen) return { detail: words.chosen(executable), facts: { executable } };
  return {
    detail: official ? words.official(version, executable) : words.standIn(version, executable),
    facts: { version, official, executable },
  };
}

/** Packages with native code are loaded here and not above: one that is missing must not keep the others from being looked at. */
async function sqlite(): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const db = new Database(':memory:');
  try {
    return db.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    db.close();
  }
}

async function sharp(): Promise<string> {
  const { versions } = (await import('sharp')).default;
  return words.libvips(versions.sharp ?? '', versions.vips);
}

async function napi(): Promise<string> {
  const { pngQuantize, Transformer } = await import('@napi-rs/image');
  return typeof Transformer === 'function' && typeof pngQuantize === 'function' ? words.ok : words.notThere;
}

async function mnist(): Promise<string> {
  const folder = places().mnist;
  const [train, test] = await Promise.all([readMnist(folder, 'train'), readMnist(folder, 'test')]);
  return words.digits(formats.count(train.labels.length), formats.count(test.labels.length));
}

async function caches(): Promise<Finding[]> {
  const names = await fs.readdir(cache).catch(() => []);
  if (names.length === 0) return [{ part: words.cache, ok: true, detail: words.noCache(cache) }];
  return Promise.all(
    names.sort().map(async (name) => {
      const folder = path.join(cache, name);
      const { files, bytes } = await sizeOf(folder);
      const size = words.files(files, formats.count(files), formats.bytes(bytes));
      return { part: words.cache, ok: true, detail: `${folder}: ${size}`, facts: { folder, files, bytes } };
    }),
  );
}

/** Regular files below a place, and their bytes. */
async function sizeOf(place: string): Promise<{ files: number; bytes: number }> {
  const stats = await fs.lstat(place);
  if (stats.isFile()) return { files: 1, bytes: stats.size };
  const total = { files: 0, bytes: 0 };
  if (!stats.isDirectory()) return total;
  for (const name of await fs.readdir(place)) {
    const { files, bytes } = await sizeOf(path.join(place, name));
    total.files += files;
    total.bytes += bytes;
  }
  return total;
}
