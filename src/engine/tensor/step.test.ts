import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { NamedTensor } from '../compute/types.ts';
import { breathe } from '../jobs/flow.ts';
import { CompiledStep } from './compiled-step.ts';
import { EagerStep } from './eager-step.ts';
import { loadTensorFlow, type Tensor } from './load.ts';
import { randomStream } from './random.ts';
import { openStep, type Column, type Step, type StepOptions, type StepResult } from './step.ts';
import { constant } from './trace.ts';

const tf = loadTensorFlow();
const FEATURES = 6;
const SAMPLES = 50;

const random = randomStream(3, 'step test');
const bytes = (count: number, below: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => random.below(below));
const columns: Column[] = [
  { bytes: bytes(SAMPLES * FEATURES, 256), shape: [2, 3], type: 'float32' },
  { bytes: bytes(SAMPLES, 4), shape: [], type: 'int32' },
];
const tensor = (name: string, shape: number[]): NamedTensor => ({
  name,
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-1, 1)),
});
const state = [tensor('weights', [FEATURES, 4]), tensor('bias', [4])];

/** Softmax regression by gradient descent. */
const regression: StepOptions['step'] = ({ state, batch: [x, y], scalars: { rate } }) => {
  const loss = (...parameters: Tensor[]): Tensor => {
    const [weights, bias] = parameters as [Tensor, Tensor];
    const flat = x!.reshape([x!.shape[0]!, FEATURES]).div(255);
    const oneHot = tf.oneHot(y!.toInt(), 4, 1, 0, 'float32');
    return flat.matMul(weights).add(bias).logSoftmax().mul(oneHot).sum().div(-x!.shape[0]!);
  };
  const { value, grads } = tf.valueAndGrads(loss as never)(state as Tensor[]);
  return {
    next: state.map((parameter, at) => ({ at, tensor: parameter.sub(grads[at]!.mul(rate!)) })),
    outputs: { loss: value, samples: y!.onesLike().sum() },
  };
};
const options = (changes: Partial<StepOptions> = {}): StepOptions => ({
  tf,
  state,
  columns,
  scalars: { rate: 0.5 },
  batchSize: 16,
  step: regression,
  ...changes,
});
const order = (seed: number): Uint32Array =>
  randomStream(seed, 'order').shuffle(Uint32Array.from({ length: SAMPLES }, (_, at) => at));

/** Runs epochs and gives every output. */
function train(step: Step, epochs: number): number[] {
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    step.setScalar('rate', 0.5 / epoch);
    step.beginEpoch(order(epoch));
    for (let used = 0; used < SAMPLES;) {
      const { outputs, samples } = step.run();
      expect(outputs['samples']).toBe(samples);
      used += samples;
      losses.push(outputs['loss']!);
    }
  }
  return losses;
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
function expectClose(ours: NamedTensor[], theirs: NamedTensor[]): void {
  ours.forEach(({ name, values }, at) => {
    const expected = theirs[at]!.values;
    const difference = norm(values.map((value, index) => value - expected[index]!)) / norm(expected);
    expect({ name, difference: difference < 1e-5 ? 'small' : difference }).toEqual({
      name,
      difference: 'small',
    });
  });
}

// A folder of this test's own: others make graphs at the same time.
process.env.TMPDIR = fs.mkdtempSync(path.join(os.tmpdir(), 'step-test-'));
const kept = (): object => {
  const backend = tf.backend() as NodeJSKernelBackend;
  return {
    tensors: tf.memory().numTensors,
    native: backend.getNumOfTFTensors(),
    graphs: backend.getNumOfSavedModels(),
    files: fs.readdirSync(os.tmpdir()),
  };
};

describe('a compiled step', () => {
  it('does what the operations do: smaller last batch, other orders and scalars', async () => {
    const compiled = await openStep(options());
    const eager = new EagerStep(options(), 'to compare');
    expect(compiled.eager).toBeNull();
    const [ours, theirs] = [train(compiled, 20), train(eager, 20)];
    expect(ours).toHaveLength(80);
    ours.forEach((loss, at) => expect(loss).toBeCloseTo(theirs[at]!, 5));
    expect(ours.at(-1)).toBeLessThan(ours[0]!);
    expectClose(compiled.readState(), eager.readState());
    for (const step of [compiled, eager]) step.dispose();
  });

  it('starts from the state that it was given, whatever the comparison with the operations did', async () => {
    const compiled = await openStep(options());
    expect(compiled.readState()).toEqual(state);
    compiled.dispose();
  });

  it('leaves the arrays that it was given alone', async () => {
    const [values, bytes] = [state.map((one) => one.values.slice()), columns.map((one) => one.bytes.slice())];
    const compiled = await openStep(options());
    train(compiled, 10);
    expect(state.map((one) => one.values)).toEqual(values);
    expect(columns.map((one) => one.bytes)).toEqual(bytes);
    compiled.dispose();
  });

  it.each([1, 16, 49, 50, 64])('takes batches of %i', async (batchSize) => {
    const [compiled, eager] = [
      await openStep(options({ batchSize })),
      new EagerStep(options({ batchSize }), ''),
    ];
    expect(compiled.eager).toBeNull();
    train(compiled, 2);
    train(eager, 2);
    expectClose(compiled.readState(), eager.readState());
    for (const step of [compiled, eager]) step.dispose();
  });

  it('gives the same bits when the samples pass through in windows', async () => {
    const [whole, windows] = [
      await CompiledStep.open(options(), breathe),
      await CompiledStep.open(options(), breathe, 16 * 7 * 2),
    ];
    expect(train(windows, 3)).toEqual(train(whole, 3));
    expect(windows.readState()).toEqual(whole.readState());
    for (const step of [whole, windows]) step.dispose();
  });

  it('leaves no tensor, graph or file behind, however many times it runs', async () => {
    const before = kept();
    const compiled = await openStep(options());
    train(compiled, 1);
    const running = kept();
    train(compiled, 20);
    expect(kept()).toEqual(running);
    compiled.dispose();
    compiled.dispose();
    expect(kept()).toEqual(before);
  });

  it('moves by momentum as the formula says', async () => {
    const momentum = 0.9;
    const withMomentum = options({
      state: [...state, ...state.map((one) => ({ ...one, values: one.values.map((value) => value / 10) }))],
      step: ({ state: all, batch, scalars, key }) => {
        const { next, outputs } = regression({ state: all.slice(0, 2), batch, scalars, key });
        const rate = scalars['rate']!;
        const updates = next!.map(({ at, tensor }) => ({
          kind: 'momentum' as const,
          value: at,
          velocity: 2 + at,
          // What the plain step moves by, without the rate.
          gradient: all[at]!.sub(tensor).div(rate),
          rate,
          momentum,
        }));
        return { updates, outputs };
      },
    });
    const [compiled, eager] = [await openStep(withMomentum), new EagerStep(withMomentum, '')];
    expect(compiled.eager).toBeNull();
    train(compiled, 4);
    train(eager, 4);
    expectClose(compiled.readState(), eager.readState());

    // By hand, from one step whose gradient is known.
    const [one, plain] = [new EagerStep(withMomentum, ''), new EagerStep(options(), '')];
    for (const step of [one, plain]) {
      step.beginEpoch(order(1));
      step.run();
    }
    const [moved, ...velocities] = [one.readState()[0]!, one.readState()[2]!];
    const descended = plain.readState()[0]!;
    state[0]!.values.forEach((start, at) => {
      const gradient = (start - descended.values[at]!) / 0.5;
      const velocity = momentum * (start / 10) + gradient;
      expect(velocities[0]!.values[at]).toBeCloseTo(velocity, 4);
      expect(moved.values[at]).toBeCloseTo(start - 0.5 * velocity, 4);
    });
    for (const step of [compiled, eager, one, plain]) step.dispose();
  });

  it('may use values that are declared constant', async () => {
    const mask = Float32Array.from({ length: 4 }, (_, at) => at + 1);
    const masked = options({
      step: (tensors) => {
        const { next, outputs } = regression(tensors);
        const scale = constant(() => tf.tensor1d(mask));
        return { next: [{ at: 0, tensor: next![0]!.tensor.mul(scale) }, next![1]!], outputs };
      },
    });
    const [compiled, eager] = [await openStep(masked), new EagerStep(masked, '')];
    expect(compiled.eager).toBeNull();
    train(compiled, 1);
    train(eager, 1);
    expectClose(compiled.readState(), eager.readState());
    for (const step of [compiled, eager]) step.dispose();
  });
});

type Next = NonNullable<StepResult['next']>;
const changed = (next: Next, change: (tensor: Tensor) => Tensor): Next =>
  next.map(({ at, tensor }) => ({ at, tensor: change(tensor) }));

describe('a step that a graph cannot stand for', () => {
  const outside = tf.scalar(0.9);
  // Only now TensorFlow has it.
  tf.tidy(() => outside.add(1));
  let calls = 0;
  const bad: [string, StepOptions['step'], RegExp][] = [
    [
      'reads a value',
      (tensors) => (tensors.batch[1]!.dataSync()[0]! > 1 ? regression(tensors) : regression(tensors)),
      /reads the value/,
    ],
    [
      'makes a tensor',
      (tensors) => {
        const { next, outputs } = regression(tensors);
        return { next: changed(next!, (one) => one.mul(tf.scalar(0.5))), outputs };
      },
      /makes a tensor/,
    ],
    [
      'draws random numbers',
      (tensors) => {
        const { next, outputs } = regression(tensors);
        return { next: changed(next!, (one) => one.add(tf.randomNormal(one.shape))), outputs };
      },
      /makes a tensor/,
    ],
    [
      'uses a tensor from outside',
      (tensors) => {
        const { next, outputs } = regression(tensors);
        return { next: changed(next!, (one) => one.mul(outside)), outputs };
      },
      /from outside/,
    ],
    [
      'changes from call to call',
      (tensors) => {
        const { next, outputs } = regression(tensors);
        return { next: changed(next!, (one) => one.mul(1 + calls++ / 10)), outputs };
      },
      /another/,
    ],
  ];
  it.each(bad)('because it %s runs eagerly and says why', async (_, step, why) => {
    const before = kept();
    const opened = await openStep(options({ step }));
    expect(opened.eager).toMatch(why);
    const losses = train(opened, 3);
    expect(losses.every(Number.isFinite)).toBe(true);
    opened.dispose();
    expect(kept()).toEqual(before);
  });

  it('leaves tfjs as it was', async () => {
    (await openStep(options({ step: bad[0]![1] }))).dispose();
    expect(tf.tidy(() => tf.randomNormal([3]).add(1).dataSync())).toHaveLength(3);
  });

  it('throws what is no matter of tracing', async () => {
    const step = (): never => {
      throw new RangeError('a mistake of the author');
    };
    await expect(openStep(options({ step }))).rejects.toThrow('a mistake of the author');
  });
});

describe('an order', () => {
  it('that ends in a batch of another size than the compiled ones is refused, and so is a call after its end', async () => {
    const compiled = await openStep(options());
    expect(() => compiled.beginEpoch(order(1).slice(0, 20))).toThrow(/order of 20/);
    compiled.beginEpoch(order(1).slice(0, 16));
    compiled.run();
    expect(() => compiled.run()).toThrow(/at its end/);
    compiled.dispose();
  });
});

it('can be stopped while it is compiled', async () => {
  const before = kept();
  let pauses = 0;
  const stop = async (): Promise<void> => {
    if (++pauses === 3) throw new Error('stopped');
  };
  await expect(openStep(options(), stop)).rejects.toThrow('stopped');
  expect(kept()).toEqual(before);
});
