import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSmallMnist } from '../../src/engine/api/test-support.ts';
import { complaints } from './axe.ts';
import { png, testDigits, writeClasses, writeFlat } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { createProject, go, idle, main, SLOW } from './steps.ts';
import { en } from './words.ts';

const folder = fs.realpathSync(freshFolder('import-more'));
const packed = path.join(folder, 'packed');

let studio: Studio;
beforeAll(async () => {
  await writeSmallMnist(packed, { train: 200, test: 40 });
  for (const name of fs.readdirSync(packed)) {
    const file = path.join(packed, name);
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(fs.readFileSync(file)));
    fs.rmSync(file);
  }
  studio = await Studio.launch();
  await createProject(studio, path.join(folder, 'project'), 'Import');
  await go(studio.page, 'data');
});
afterAll(() => studio?.close());

const dialog = () => studio.page.getByRole('dialog');

async function choose(chosen: string): Promise<void> {
  await studio.answerFolderDialog(chosen);
  await main(studio.page).getByRole('button', { name: en.data.import }).click();
}

async function commit(digits: string, name: string): Promise<void> {
  const { page } = studio;
  await dialog()
    .getByRole('button', { name: /^Import \d+/ })
    .click();
  await main(page).getByRole('grid', { name }).waitFor({ timeout: SLOW });
  await idle(page);
  await main(page).getByRole('heading', { name: digits }).waitFor({ timeout: SLOW });
}

describe('a folder of packed IDX files', () => {
  it('is counted, and imported with both splits', async () => {
    await choose(packed);
    await dialog().getByText(en.data.scan.layouts.idx).waitFor();
    await dialog()
      .getByRole('row', { name: /^All 200 40 240/ })
      .waitFor();
    await commit('240 digits', 'packed');
    await main(studio.page).getByRole('grid').focus();
    await studio.page.keyboard.press('Home');
    await main(studio.page)
      .getByText(/train-images-idx3-ubyte\.gz/)
      .first()
      .waitFor();
  });

  it('that is damaged names the file, and nothing is imported', async () => {
    const file = 't10k-labels-idx1-ubyte.gz';
    fs.truncateSync(path.join(packed, file), 30);
    await choose(packed);
    await dialog().getByRole('alert').filter({ hasText: file }).waitFor();
    await dialog().getByRole('button', { name: en.common.cancel }).click();
    await dialog().waitFor({ state: 'hidden' });
  });
});

describe('a flat folder with a CSV', () => {
  const flat = path.join(folder, 'flat');
  const digits = testDigits(20, 100);
  const ofLabel = (label: number): number => digits.filter((digit) => digit.label === label).length;
  const csv = en.data.csv;

  it('shows what was detected, lets it be corrected, and imports what it says', async () => {
    await writeFlat(flat, digits);
    const files = fs.readdirSync(flat).sort();
    const rows = digits.map(
      ({ label }, at) => `${files[at]};${(label + 1) % 10};${label};${at < 15 ? 'train' : 'test'}`,
    );
    fs.writeFileSync(
      path.join(flat, 'labels.csv'),
      `file;guess;truth;set\r\n${rows.join('\r\n')}\r\ngone.png;1;1;train\r\n`,
    );
    await choose(flat);
    await dialog().getByText(en.data.scan.layouts.csv).waitFor();
    expect(await dialog().getByLabel(csv.delimiter).inputValue()).toBe(';');
    await dialog().getByText('gone.png').waitFor();
    const select = (role: keyof typeof csv.roles) => dialog().getByLabel(csv.roles[role], { exact: true });
    expect(await select('split').inputValue()).toBe('3');
    const encoding = dialog().getByLabel(csv.encoding);
    expect(await encoding.inputValue()).toBe('utf-8');
    await encoding.selectOption(csv.encodings['utf-16le']);
    await dialog().getByText(en.data.scan.nothingRows).waitFor();
    await encoding.selectOption(csv.encodings['utf-8']);
    await dialog().getByText('gone.png').waitFor();
    await select('label').selectOption('truth');
    const most = Array.from({ length: 10 }, (_, label) => ofLabel(label)).reduce(
      (best, count, label, all) => (count > all[best]! ? label : best),
      0,
    );
    await dialog()
      .getByRole('row', { name: new RegExp(`^${most} .*\\b${ofLabel(most)}$`) })
      .waitFor();
    expect(await complaints(studio.page, 'import')).toEqual([]);
    await commit('20 digits', 'flat');
    await studio.page.keyboard.press(String(most));
    await main(studio.page)
      .getByRole('heading', { name: new RegExp(`^${ofLabel(most)} digits?$`) })
      .waitFor();
  });

  it('can be imported without it', async () => {
    await choose(flat);
    await dialog().getByLabel(csv.from, { exact: true }).selectOption({ label: csv.folders });
    await dialog().getByText(en.data.scan.layouts.flat).waitFor();
    await dialog().getByRole('button', { name: en.common.cancel }).click();
    await dialog().waitFor({ state: 'hidden' });
  });
});

describe('files that were left out', () => {
  const classes = path.join(folder, 'classes');
  const bad = en.data.badFiles;
  const seen = () => studio.app.evaluate(() => (globalThis as { shown?: string[] }).shown ?? []);

  it('are listed by reason, shown in their folder, and enter the data set once mended', async () => {
    const { page, app } = studio;
    await writeClasses(classes, testDigits(12, 300));
    const broken = path.join(classes, '3', 'broken.png');
    fs.writeFileSync(broken, '');
    fs.writeFileSync(path.join(classes, '3', 'notes.txt'), 'no picture');
    await choose(classes);
    await commit('12 digits', 'classes');
    await main(page)
      .getByRole('button', { name: /left out/ })
      .first()
      .click();
    await dialog().getByText('3/broken.png').waitFor();
    await dialog().getByText('3/notes.txt').waitFor();
    expect(await complaints(page, 'left out')).toEqual([]);
    await dialog().getByLabel(bad.filter, { exact: true }).selectOption('empty-file');
    await dialog().getByText('3/notes.txt').waitFor({ state: 'hidden' });
    await app.evaluate(({ shell }) => {
      const shown: string[] = ((globalThis as { shown?: string[] }).shown = []);
      shell.showItemInFolder = (file) => void shown.push(file);
    });
    await dialog()
      .getByRole('button', { name: bad.show('3/broken.png') })
      .click();
    await expect.poll(seen).toEqual([broken]);
    const [digit] = testDigits(1, 400);
    fs.writeFileSync(broken, await png(digit!.tile));
    await dialog()
      .getByRole('button', { name: bad.retryAll(1, '1') })
      .click();
    await dialog().getByText(bad.mended('1', '1')).waitFor();
    await dialog().getByText('3/broken.png').waitFor({ state: 'hidden' });
    await dialog().getByText('3/notes.txt').waitFor();
    await page.keyboard.press('Escape');
    await main(page).getByRole('heading', { name: '13 digits' }).waitFor();
  });

  it('are records of IDX files as well, which are read again in their place', async () => {
    const { page } = studio;
    const idx = path.join(folder, 'idx');
    await writeSmallMnist(idx, { train: 30, test: 10 });
    const labels = path.join(idx, 'train-labels-idx1-ubyte');
    const bytes = fs.readFileSync(labels);
    fs.writeFileSync(labels, Buffer.from(bytes).fill(77, 8 + 4, 8 + 5));
    await choose(idx);
    await commit('39 digits', 'idx');
    await main(page)
      .getByRole('button', { name: /^1 file left out/ })
      .first()
      .click();
    await dialog().getByText('train-labels-idx1-ubyte#4').waitFor();
    fs.writeFileSync(labels, bytes);
    await dialog()
      .getByRole('button', { name: bad.retry('train-labels-idx1-ubyte#4') })
      .click();
    await dialog().getByText(bad.none).waitFor();
    await page.keyboard.press('Escape');
    await main(page).getByRole('heading', { name: '40 digits' }).waitFor();
  });

  it('are known to the page by their rows alone', async () => {
    const { page } = studio;
    const answers = await page.evaluate(
      async (file) => {
        const show = (window as unknown as { studio: { showBadFile(row: unknown): Promise<boolean> } }).studio
          .showBadFile;
        return Promise.all(
          [file, '../etc/passwd', -1, 0, 1e6, { path: file }, null].map((row) =>
            show(row).catch(() => 'refused'),
          ),
        );
      },
      path.join(classes, '3', 'notes.txt'),
    );
    expect(answers).toEqual(['refused', 'refused', false, false, false, 'refused', 'refused']);
    expect(await seen()).toHaveLength(1);
  });
});

it('complained of nothing meanwhile', () => {
  expect(studio.takeErrors()).toEqual([]);
});
