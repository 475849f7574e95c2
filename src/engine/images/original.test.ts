import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultRecipe } from '../../shared/domain.ts';
import type { ErrorParams, ReasonCode } from '../../shared/errors.ts';
import { someDigits } from '../training/digits.testing.ts';
import { normalisationStepsOf, renderOriginal } from './original.ts';
import { asSharp, scanOf, tileOf } from './pictures.testing.ts';
import { readImageFile } from './read-image.ts';
import type { StepPicture } from './types.ts';

let folder: string;
let scan: Buffer;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'original-'));
  scan = await asSharp(await scanOf(tileOf((await someDigits('test', 3)).tiles, 2), 20, 60))
    .png()
    .toBuffer();
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function file(name: string, content: Buffer | string): Buffer {
  fs.writeFileSync(path.join(folder, name), content);
  return Buffer.from(path.join(folder, name));
}
const failed = (code: ReasonCode, params?: ErrorParams) => ({
  status: 'failed',
  reason: { code, ...(params && { params }) },
});

async function pngOf(path: Buffer): Promise<Uint8Array> {
  const outcome = await renderOriginal(path);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.png;
}
async function stepsOf(path: Buffer): Promise<StepPicture[]> {
  const outcome = await normalisationStepsOf(path, defaultRecipe);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.steps;
}

describe('the original', () => {
  it('is shown upright, in colour, and small enough', async () => {
    const [red, blue] = ['#f00', '#00f'];
    const half = { create: { width: 1_200, height: 1_000, channels: 3 as const, background: red } };
    const photo = await sharp({ create: { ...half.create, width: 2_400, background: blue } })
      .composite([{ input: await sharp(half).png().toBuffer(), left: 0, top: 0 }])
      .jpeg()
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { data, info } = await sharp(await pngOf(file('photo.jpg', photo)))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([667, 1_600]);
    const pixel = (y: number) => [
      ...data.subarray((y * info.width + 300) * 3, (y * info.width + 300) * 3 + 3),
    ];
    // Turned a quarter to the right, what was left is at the top.
    expect(pixel(100)[0]).toBeGreaterThan(240);
    expect(pixel(1_500)[2]).toBeGreaterThan(240);
  });

  it('is not enlarged', async () => {
    const { width, height, format } = await sharp(await pngOf(file('a.png', scan))).metadata();
    expect({ width, height, format }).toEqual({ width: 680, height: 680, format: 'png' });
  });

  it('says why it cannot be shown', async () => {
    const missing = Buffer.from(path.join(folder, 'missing.png'));
    expect(await renderOriginal(missing)).toEqual(failed('vanished'));
    expect(await renderOriginal(file('text.png', 'seven'))).toMatchObject({
      status: 'skipped',
      reason: { code: 'not-an-image' },
    });
    expect(await renderOriginal(file('cut.png', scan.subarray(0, 30)))).toEqual(
      failed('cannot-decode', { detail: expect.stringContaining('corrupt header') as string }),
    );
  });
});

describe('the steps of the normalisation', () => {
  it('end with the tile that the model sees', async () => {
    const path = file('steps.png', scan);
    const steps = await stepsOf(path);
    expect(steps.map(({ name }) => name)).toEqual(['decoded', 'grey', 'ink', 'crop', 'box', 'centred']);
    const outcome = await readImageFile(path, defaultRecipe);
    expect(outcome).toMatchObject({ status: 'done', tile: steps.at(-1)!.pixels });
    for (const { width, height, pixels } of steps) {
      expect(pixels).toHaveLength(width * height);
      expect(Math.max(width, height)).toBeLessThanOrEqual(512);
    }
  });

  it('end where no ink is found', async () => {
    const paper = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const steps = await stepsOf(file('blank.png', paper));
    expect(steps.map(({ name, width, height }) => ({ name, width, height }))).toEqual([
      { name: 'decoded', width: 90, height: 60 },
      { name: 'grey', width: 90, height: 60 },
    ]);
  });

  it('say why there are none', async () => {
    expect(await normalisationStepsOf(file('empty.png', ''), defaultRecipe)).toEqual(failed('empty-file'));
  });
});
