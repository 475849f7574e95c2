import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, expect, it, vi } from 'vitest';
import { TILE_BYTES } from '../../../shared/domain.ts';
import { loadTensorFlow } from '../../tensor/load.ts';
import { someDigits } from '../../training/digits.testing.ts';
import type { StoredModel } from '../store.ts';
import { expectSame, ourAnswers, type Answers } from './answers.testing.ts';
import { allArchitectures, modelOf } from './models.testing.ts';
import { onnxOf } from './onnx.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const tf = loadTensorFlow();
let tiles: Uint8Array;
beforeAll(async () => {
  ({ tiles } = await someDigits('test', 64));
});

async function run(session: InferenceSession, tiles: Uint8Array): Promise<Answers> {
  const shape = [tiles.length / TILE_BYTES, 28, 28, 1];
  const { scores, probabilities } = await session.run({ tiles: new Tensor('uint8', tiles, shape) });
  return {
    scores: scores!.data as Float32Array,
    probabilities: probabilities!.data as Float32Array,
  };
}

it.each(allArchitectures)('answers as the studio does in ONNX Runtime: %s', async (_, architecture) => {
  const model = modelOf(architecture);
  const session = await InferenceSession.create(onnxOf(model, '0.1.0'));
  const ours = ourAnswers(tf, model, tiles);
  expectSame(await run(session, tiles), ours);
  // The batch is open: one digit alone gets the same answer.
  expectSame(await run(session, tiles.slice(0, TILE_BYTES)), {
    scores: ours.scores.slice(0, 10),
    probabilities: ours.probabilities.slice(0, 10),
  });
  await session.release();
});

it('gives a reject class its share of the probability', async () => {
  const { card, ...network } = modelOf(allArchitectures[0]![1]);
  const model: StoredModel = { ...network, card: { ...card, rejectClass: true } };
  const session = await InferenceSession.create(onnxOf(model, '0.1.0'));
  const ours = ourAnswers(tf, model, tiles);
  expectSame(await run(session, tiles), ours);
  expect(ours.probabilities.slice(0, 10).reduce((sum, share) => sum + share, 0)).toBeLessThan(0.99);
  await session.release();
});

it('takes bytes only, names its values and carries the essentials of the card', async () => {
  const [, architecture] = allArchitectures[0]!;
  const model: StoredModel = modelOf(architecture);
  const file = onnxOf(model, '0.1.0');
  const session = await InferenceSession.create(file);
  expect(session.inputMetadata).toMatchObject([{ name: 'tiles', type: 'uint8', shape: ['N', 28, 28, 1] }]);
  expect(session.outputMetadata).toMatchObject([
    { name: 'scores', type: 'float32', shape: ['N', 10] },
    { name: 'probabilities', type: 'float32', shape: ['N', 10] },
  ]);
  const values = new Tensor('float32', Float32Array.from(tiles), [64, 28, 28, 1]);
  await expect(session.run({ tiles: values })).rejects.toThrow(/data type/i);
  const text = Buffer.from(file).toString('utf8');
  for (const fact of ['Ünïcode | 数字', 'c0ffee00', 'testAccuracy', '0.9751', '(byte / 255 - 0.5) / 0.5'])
    expect(text).toContain(fact);
  await session.release();
});
