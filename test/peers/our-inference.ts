import { createInterface } from 'node:readline';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { CompiledReader } from '../../src/engine/models/inference.ts';
import { initialWeights } from '../../src/engine/models/initialise.ts';
import { lenet5 } from '../../src/shared/models/family/lenet5.ts';
import { softmax } from '../../src/engine/models/scores.ts';
import { loadTensorFlow } from '../../src/engine/tensor/load.ts';
import { CLASSES, defaultParameters, TILE_BYTES } from '../../src/shared/domain.ts';

/** The studio's own reading, bytes to probabilities; a step reads that many digits. Line protocol as in torch_training.py. */
const [folder, countText] = process.argv.slice(2);
const tf = loadTensorFlow();
const model = lenet5({ ...defaultParameters, pooling: 'average' });
const reader = new CompiledReader(tf, model, initialWeights(model, 1));
const { tiles } = await readMnist(folder!, 'test');
const digits = tiles.subarray(0, Number(countText) * TILE_BYTES);
process.stdout.write('LeNet Studio, compiled, average pooling\n');
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line.split(' ')[1]);
  const started = performance.now();
  for (let step = 0; step < steps; step++) softmax(await reader.logits(digits), CLASSES);
  process.stdout.write(`${(performance.now() - started) / 1000}\n`);
}
reader.dispose();
