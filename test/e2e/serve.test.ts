import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDigits, writeClasses } from './digits.ts';
import { launchElectron } from './harness.ts';
import { freshFolder, root } from './places.ts';
import { family, isAlive, until } from './processes.ts';
import { figure, go, idle, main, outcome, setRecipe, SLOW, train } from './steps.ts';
import { en } from './words.ts';

/** `serve` as `npm start` runs it where there is no display, and an ordinary browser window that is given its link. */
const folder = fs.realpathSync(freshFolder('serve'));
const scans = path.join(folder, 'scans');
const empty = path.join(folder, 'empty');
let server: ChildProcess;
let link: string;
let browser: ElectronApplication;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  await writeClasses(scans, testDigits(300));
  fs.mkdirSync(empty);
  server = spawn(
    process.execPath,
    [path.join(root, 'out', 'engine', 'serve.mjs'), '--root', scans, '--root', empty],
    {
      env: { ...process.env, LANG: 'en_US.UTF-8', LENET_STUDIO_USER_DATA: path.join(folder, 'user-data') },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [line] = (await once(readline.createInterface({ input: server.stdout! }), 'line')) as [string];
  link = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(line)![0];
  ({ app: browser, page } = await launchElectron(browserApp(), folder));
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
});
afterAll(async () => {
  await browser?.close();
  if (server && isAlive(server.pid!)) server.kill('SIGKILL');
});

/** The least app with a window, without anything of the studio's. */
function browserApp(): string {
  const app = path.join(folder, 'browser');
  fs.mkdirSync(app);
  fs.writeFileSync(
    path.join(app, 'package.json'),
    JSON.stringify({ name: 'browser', version: '1.0.0', main: 'main.cjs' }),
  );
  fs.writeFileSync(
    path.join(app, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron');
    app.setPath('userData', ${JSON.stringify(path.join(folder, 'browser-data'))});
    app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('about:blank'));`,
  );
  return app;
}

it('opens the studio with the link, and keeps the token out of the address', async () => {
  await page.goto(link);
  await main(page).getByRole('heading', { level: 1, name: en.home.welcome }).waitFor();
  expect(page.url()).toBe(`${new URL(link).origin}/`);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(403);
});

it('offers the folders of its command line, and no other', async () => {
  await main(page).getByRole('button', { name: en.home.create.choose }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: scans }).waitFor();
  const offered = await dialog.getByRole('listitem').allTextContents();
  expect(offered.map((text) => text.trim())).toEqual([scans, empty]);
  await dialog.getByRole('button', { name: empty }).click();
  await main(page).getByLabel(en.home.create.name).fill('Served');
  await main(page).getByRole('button', { name: en.home.create.start }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Served' }).waitFor();
  expect(fs.existsSync(path.join(empty, 'project.sqlite'))).toBe(true);
});

it('imports, trains and classifies as the window does', async () => {
  await go(page, 'data');
  await main(page).getByRole('button', { name: en.data.import }).click();
  await page.getByRole('dialog').getByRole('button', { name: scans }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Import 300/ })
    .click();
  await main(page).getByRole('heading', { name: '300 digits' }).waitFor({ timeout: SLOW });
  await idle(page);
  await go(page, 'train');
  await setRecipe(page, { epochs: '2' });
  await train(page);
  await outcome(page).getByRole('button', { name: en.train.outcome.classify }).click();
  await main(page).getByLabel(scans).check();
  await main(page)
    .getByRole('button', { name: new RegExp(`^${en.classify.start}`) })
    .click();
  await expect
    .poll(() => figure(page, en.classify.summary.done).textContent(), { timeout: SLOW })
    .toBe('300');
  // A browser has no dialog to choose a file with.
  expect(await main(page).getByRole('button', { name: en.batchFiles.export }).count()).toBe(0);
});

it('complained of nothing meanwhile', () => {
  expect(errors).toEqual([]);
});

it('ends with Ctrl+C, all of it, and the page says so', async () => {
  const members = family(server.pid!).map(({ pid }) => pid);
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
  await until(() => !members.some(isAlive), 'its children to end');
  await page.getByRole('alert').getByRole('button', { name: en.shell.engine.reconnect }).waitFor();
});
