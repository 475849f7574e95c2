import { createInterface } from 'node:readline';
import { readMnist } from '../../src/engine/datasets/mnist.ts';
import { loadTensorFlow } from '../../src/engine/tensor/load.ts';

/** tfjs-node's own `model.fit`, as its documentation shows it. Line protocol as in torch_training.py. */
const [folder, batchText] = process.argv.slice(2);
const batchSize = Number(batchText);
const tf = loadTensorFlow();
const { tiles, labels } = await readMnist(folder!, 'train');
const images = tf.tensor4d(
  Float32Array.from(tiles, (value) => (value / 255 - 0.5) / 0.5),
  [labels.length, 28, 28, 1],
);
const targets = tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), 10);
const { layers } = tf;
const activation = 'tanh';
const model = tf.sequential({
  layers: [
    layers.zeroPadding2d({ padding: 2, inputShape: [28, 28, 1] }),
    layers.conv2d({ filters: 6, kernelSize: 5, activation }),
    layers.averagePooling2d({ poolSize: 2, strides: 2 }),
    layers.conv2d({ filters: 16, kernelSize: 5, activation }),
    layers.averagePooling2d({ poolSize: 2, strides: 2 }),
    layers.conv2d({ filters: 120, kernelSize: 5, activation }),
    layers.flatten(),
    layers.dense({ units: 84, activation }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
if (model.countParams() !== 61_706) throw new Error(`${model.countParams()} parameters`);
model.compile({ optimizer: tf.train.momentum(0.03, 0.9), loss: 'categoricalCrossentropy' });
process.stdout.write('tfjs-node model.fit\n');
for await (const line of createInterface({ input: process.stdin })) {
  const count = Number(line.split(' ')[1]) * batchSize;
  const [x, y] = [images.slice(0, count), targets.slice(0, count)];
  const started = performance.now();
  await model.fit(x, y, { batchSize, epochs: 1, shuffle: true, verbose: 0 });
  const seconds = (performance.now() - started) / 1000;
  tf.dispose([x, y]);
  process.stdout.write(`${seconds}\n`);
}
