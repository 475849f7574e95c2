import fs from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { complaints } from './axe.ts';
import { scan, testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { go, idle, main, startClassifying, trainedProject } from './steps.ts';
import { en, like } from './words.ts';

/** A page with one digit, as the camera's file holds it: to be turned a quarter to the right. */
const PAGE = { width: 800, height: 600 };
const SIDE = 168;
const AT = { left: 560, top: 60 };
const digit = testDigits(1, 900)[0]!;

let studio: Studio;
let scans: string;
beforeAll(async () => {
  const folder = freshFolder('context');
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(200));
  await writeClasses(path.join(labelled, 'test'), testDigits(30, 400));
  scans = path.join(folder, 'scans');
  fs.mkdirSync(scans);
  const page = sharp({ create: { ...PAGE, channels: 3, background: '#fff' } }).composite([
    { input: await scan(digit, SIDE), ...AT },
  ]);
  fs.writeFileSync(
    path.join(scans, 'page.jpg'),
    await page.jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toBuffer(),
  );
  studio = await Studio.launch();
  await trainedProject(studio, path.join(folder, 'project'), 'Context', labelled, '2');
  await startClassifying(studio, scans);
  await idle(studio.page);
}, 180_000);
afterAll(() => studio?.close());

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
const boxOf = async (selector: string): Promise<Box> => {
  const found = main(studio.page).locator(selector);
  await found.scrollIntoViewIfNeeded();
  return (await found.boundingBox())!;
};

it('shows the whole original with the digit framed where it is, upright', async () => {
  const { page } = studio;
  await go(page, 'review');
  const image = main(page).getByRole('img', {
    name: like(`${en.review.panel.originalAlt('page.jpg')}, ${en.original.box('§', '§', '§', '§')}`),
  });
  await image.waitFor();
  await main(page)
    .getByText(like(en.original.box('§', '§', '§', '600×800')))
    .waitFor();
  const [picture, frame] = [await boxOf('figure .picture img'), await boxOf('figure .picture .box')];
  expect(picture.width / picture.height).toBeCloseTo(PAGE.height / PAGE.width, 1);
  // The ink of the tile, enlarged, moved to its place and turned.
  const columns = [...digit.tile.keys()].filter((at) => digit.tile[at]! >= 64).map((at) => at % 28);
  const rows = [...digit.tile.keys()].filter((at) => digit.tile[at]! >= 64).map((at) => Math.floor(at / 28));
  const inFile = (from: number, index: number): number => from + (index * SIDE) / 28;
  const left = inFile(AT.left, Math.min(...columns));
  const right = inFile(AT.left, Math.max(...columns) + 1);
  const top = inFile(AT.top, Math.min(...rows));
  const bottom = inFile(AT.top, Math.max(...rows) + 1);
  const scale = picture.width / PAGE.height;
  const expected = [PAGE.height - bottom, left, PAGE.height - top, right].map((at) => at * scale);
  const seen = [frame.x, frame.y, frame.x + frame.width, frame.y + frame.height].map(
    (at, side) => at - (side % 2 === 0 ? picture.x : picture.y),
  );
  // A working pixel of the page, 800 / 384, and the rounding of two layouts.
  seen.forEach((at, side) => expect(Math.abs(at - expected[side]!)).toBeLessThan(5));
  expect(await complaints(page, 'the original with its box')).toEqual([]);
});

it('shows the maps of each layer beside the digit, and opens it in Models', async () => {
  const { page } = studio;
  await go(page, 'review');
  await page.keyboard.press('w');
  const strips = main(page).locator('.why dl').getByRole('img');
  await strips.first().waitFor();
  const layers = ['C1', 'S2', 'C3', 'S4', 'C5', 'F6'];
  const names = await main(page).locator('.why dl dt').allInnerTexts();
  expect(names.filter((name) => layers.includes(name))).toEqual(layers);
  expect(await strips.count()).toBe(names.length);
  // The maps are painted: more than one colour.
  const colours = await strips.first().evaluate((strip) => {
    const canvas = strip.querySelector('canvas')!;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  expect(colours).toBeGreaterThan(10);
  expect(await complaints(page, 'why')).toEqual([]);
  await main(page).getByRole('button', { name: en.decide.why.inside }).click();
  await page.locator('main[data-page="models"]').waitFor();
  await main(page)
    .getByRole('img', { name: en.models.digit.pictureOf.digit('page.jpg') })
    .waitFor();
  await go(page, 'review');
  await page.keyboard.press('m');
  await page.locator('main[data-page="models"]').waitFor();
});

it('frames the digit of a data set too, with its own ink', async () => {
  const { page } = studio;
  await go(page, 'data');
  await main(page).getByRole('grid').focus();
  // A key finds no digit before the first are here.
  await main(page).getByRole('gridcell').first().waitFor();
  await page.keyboard.press('Home');
  await main(page)
    .getByText(like(en.original.box('§', '§', '§', '28×28')))
    .waitFor();
  const [picture, frame] = [await boxOf('figure .picture img'), await boxOf('figure .picture .box')];
  expect(picture.width).toBe(140);
  // MNIST's digits fill a box of 20 x 20 pixels, here 5 times as large.
  expect(Math.round(Math.max(frame.width, frame.height))).toBe(100);
});

it('complained of nothing', () => {
  expect(studio.takeErrors()).toEqual([]);
});
