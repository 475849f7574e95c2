import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { surviveKills } from './kills.testing.ts';

vi.setConfig({ testTimeout: 180_000 });

let home: string;
beforeEach(() => {
  home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'studio-kills-')));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

it('an engine killed at random moments ends with the ledger of an undisturbed run; `npm run test:kills` does it fifty times', async () => {
  const seed = Math.floor(Math.random() * 1_000_000);
  const report = await surviveKills({ home, kills: 3, files: 1_500, seed }).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
  expect(report.kills).toBe(3);
});
