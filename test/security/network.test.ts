import dgram from 'node:dgram';
import net from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Studio } from '../e2e/harness.ts';
import { internetSockets, remoteSockets, type Socket } from './sockets.ts';
import { en } from '../e2e/words.ts';

let studio: Studio;
beforeAll(async () => {
  studio = await Studio.launch();
});
afterAll(() => studio?.close());

it('has no socket beyond this machine while it works', async () => {
  const found: Socket[] = [];
  const watch = setInterval(() => found.push(...remoteSockets(studio.pid)), 100);
  try {
    const { page } = studio;
    await page.getByRole('button', { name: en.home.sample.start }).click();
    await page.getByRole('grid').first().waitFor({ timeout: 60_000 });
    // Chromium's own services wake up after a while.
    await page.waitForTimeout(8_000);
  } finally {
    clearInterval(watch);
  }
  expect(found).toEqual([]);
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
