import dgram from 'node:dgram';
import net from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeFlat } from '../e2e/digits.ts';
import { Studio } from '../e2e/harness.ts';
import { freshFolder } from '../e2e/places.ts';
import { family } from '../e2e/processes.ts';
import { go, idle, main, outcome, setRecipe, SLOW, startClassifying, startTraining } from '../e2e/steps.ts';
import { en } from '../e2e/words.ts';
import { internetSockets, remoteSockets, type Socket } from './sockets.ts';

/** Chromium's own services wake up after a while. */
const WATCHED = 12_000;

let studio: Studio;
const scans = path.join(freshFolder('network'), 'scans');
beforeAll(async () => {
  await writeFlat(scans, testDigits(500));
  studio = await Studio.launch();
});
afterAll(() => studio?.close());

it('has no socket beyond this machine while it imports, trains and classifies, nor any in the engine', async () => {
  const { page } = studio;
  const start = Date.now();
  const remote: Socket[] = [];
  const own: Socket[] = [];
  const engineChildren = new Set<string>();
  const watch = setInterval(() => {
    remote.push(...remoteSockets(studio.pid));
    const engine = studio.enginePid();
    if (engine === null) return;
    own.push(...internetSockets(engine));
    // One that is just ending has an empty command line.
    for (const { command } of family(engine))
      if (command[1] !== undefined) engineChildren.add(path.basename(command[1]));
  }, 100);
  try {
    await main(page).getByRole('button', { name: en.home.sample.start }).click();
    await go(page, 'data');
    await main(page).getByRole('heading', { name: '70,000 digits' }).waitFor({ timeout: SLOW });
    await idle(page);
    await go(page, 'train');
    await setRecipe(page, { epochs: '1' });
    await startTraining(page);
    await outcome(page)
      .getByText('was kept as a model')
      .waitFor({ timeout: 3 * SLOW });
    await startClassifying(studio, scans);
    await idle(page);
    await page.waitForTimeout(Math.max(0, WATCHED - (Date.now() - start)));
  } finally {
    clearInterval(watch);
  }
  expect(remote).toEqual([]);
  expect(own).toEqual([]);
  // The ones that were watched are the ones that work.
  expect([...engineChildren].sort()).toEqual(['main.mjs', 'process.mjs', 'reader.mjs']);
});

it('would notice a socket that listens to everybody, and one that goes out', async () => {
  const server = net.createServer().listen(0, '0.0.0.0');
  const out = dgram.createSocket('udp4');
  await once(server, 'listening');
  out.connect(9, '192.0.2.1');
  await once(out, 'connect').catch(() => undefined);
  try {
    const remote = remoteSockets(process.pid).filter(({ pid }) => pid === process.pid);
    expect(remote.map(({ protocol }) => protocol)).toContain('tcp');
    expect(internetSockets(process.pid).length).toBeGreaterThan(0);
  } finally {
    out.close();
    server.close();
  }
});
