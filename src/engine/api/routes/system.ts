import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import Database from 'better-sqlite3';
import type { EngineEvent } from '../../../shared/contract/index.ts';
import { os, stream, vitals, type EngineContext } from '../context.ts';

const sqliteVersion = (): string => {
  const db = new Database(':memory:');
  try {
    return db.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    db.close();
  }
};

/** Read, not asked of sharp itself: that would load its native code into this process. */
const sharpVersion = (): string => {
  const file = findPackageJSON('sharp', import.meta.url);
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : '';
};

async function* events(
  engine: EngineContext,
  signal: AbortSignal | undefined,
): AsyncGenerator<EngineEvent, void, undefined> {
  const published = engine.events.subscribe('event', { signal });
  yield vitals();
  yield* published;
}

export const system = {
  info: os.system.info.handler(({ context: { engine } }) => ({
    version: engine.options.version,
    node: process.versions.node,
    tensorflow: engine.computeInfo?.tensorflow ?? null,
    threads: engine.computeInfo?.threads ?? { intraOp: 0, interOp: 0 },
    sqlite: sqliteVersion(),
    sharp: sharpVersion(),
    platform: `${process.platform} ${process.arch}`,
    userData: engine.options.userData,
  })),
  events: os.system.events.handler(({ context: { engine }, signal }) =>
    stream(engine, events(engine, signal)),
  ),
  roots: os.system.roots.handler(({ context: { engine } }) => engine.roots),
};
