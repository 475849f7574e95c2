import { createInterface } from 'node:readline';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { lenet5 } from '../../src/shared/models/family/lenet5.ts';
import { loadTensorFlow } from '../../src/engine/tensor/load.ts';
import { Trainer } from '../../src/engine/training/trainer.ts';
import { defaultParameters } from '../../src/shared/domain.ts';

/** The studio's own training step, as the compute process runs it. Line protocol as in torch_training.py. */
const [folder, batchText, pooling, distorted] = process.argv.slice(2);
const parameters = {
  ...defaultParameters,
  batchSize: Number(batchText),
  pooling: pooling as 'average' | 'max',
  ...(distorted && { rotation: 10, scaling: 0.1, shear: 0.1, shift: 2, elasticStrength: 20 }),
};
const tf = loadTensorFlow();
const train = await readMnist(folder!, 'train');
const trainer = await Trainer.open(tf, lenet5(parameters), { parameters, train });
process.stdout.write(
  `LeNet Studio, ${trainer.eager ?? 'compiled'}, ${pooling} pooling${distorted ? ', affine and elastic distortions' : ''}\n`,
);
let epoch = 0;
let left = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const steps = Number(line.split(' ')[1]);
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    if (left === 0) {
      await trainer.beginEpoch(++epoch);
      left = Math.floor(train.labels.length / parameters.batchSize);
    }
    trainer.step();
    left--;
    // As the engine does, so that it can be asked to stop.
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write(`${(performance.now() - started) / 1000}\n`);
}
trainer.dispose();
