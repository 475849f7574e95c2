import { attribute, DATA_TYPE, type GraphWriter, type NodeOutput } from './graph-def.ts';
import type { Tensor } from './load.ts';
import type { Variable } from './program.ts';

interface Common {
  /** Positions in the state. */
  value: number;
  gradient: Tensor;
  rate: Tensor;
  /** Share of the value that is taken away before the update: decoupled weight decay (Loshchilov and Hutter 2019). */
  decay?: Tensor | undefined;
}

/** Gradient descent with momentum: velocity <- momentum velocity + gradient, value <- value - rate velocity. */
export interface MomentumUpdate extends Common {
  kind: 'momentum';
  velocity: number;
  momentum: number;
}

/**
 * Adam (Kingma and Ba 2015) with the rate already corrected for the moments' start: first <- b1 first + (1 - b1) gradient, second <-
 * b2 second + (1 - b2) gradient^2, value <- value - rate first / (sqrt(second) + 1e-7).
 */
export interface AdamUpdate extends Common {
  kind: 'adam';
  first: number;
  second: number;
}

/** What TensorFlow has one operation for; put together of small ones it takes several times the calls. */
export type Update = MomentumUpdate | AdamUpdate;

export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

/** The node that updates the variables in a graph, after the call has read them. */
export function writeUpdate(
  graph: GraphWriter,
  state: readonly Variable[],
  update: Update,
  nodeOf: (tensor: Tensor) => NodeOutput,
): NodeOutput {
  const float = { T: attribute.type(DATA_TYPE.float32) };
  const scalar = (value: number): NodeOutput => graph.constant(DATA_TYPE.float32, [], Float32Array.of(value));
  const weight = state[update.value]!;
  const [gradient, rate] = [nodeOf(update.gradient), nodeOf(update.rate)];
  const order = [`^${weight.read}`];
  if (update.decay) {
    const share = graph.node('Mul', [weight.read, nodeOf(update.decay)], float);
    const dtype = { dtype: attribute.type(DATA_TYPE.float32) };
    order.push(`^${graph.node('AssignSubVariableOp', [weight.handle, share, ...order], dtype)}`);
  }
  const attributes = { ...float, use_locking: attribute.bool(false) };
  if (update.kind === 'momentum') {
    const speed = state[update.velocity]!;
    const inputs = [weight.handle, speed.handle, rate, gradient, scalar(update.momentum)];
    return graph.node('ResourceApplyMomentum', [...inputs, ...order, `^${speed.read}`], attributes);
  }
  const [first, second] = [state[update.first]!, state[update.second]!];
  const powers = [scalar(0), scalar(0)];
  const constants = [ADAM.beta1, ADAM.beta2, ADAM.epsilon].map(scalar);
  const inputs = [weight.handle, first.handle, second.handle, ...powers, rate, ...constants, gradient];
  return graph.node(
    'ResourceApplyAdam',
    [...inputs, ...order, `^${first.read}`, `^${second.read}`],
    attributes,
  );
}

/** The same with operations: sets the tensors of `after` from those of `before`. */
export function applyUpdate(before: readonly Tensor[], after: Tensor[], update: Update): void {
  const { value, gradient, rate, decay } = update;
  const weight = before[value]!;
  const start = decay ? weight.sub(weight.mul(decay)) : weight;
  if (update.kind === 'momentum') {
    const { velocity, momentum } = update;
    after[velocity] = before[velocity]!.mul(momentum).add(gradient);
    after[value] = start.sub(after[velocity]!.mul(rate));
    return;
  }
  const { first, second } = update;
  after[first] = before[first]!.mul(ADAM.beta1).add(gradient.mul(1 - ADAM.beta1));
  after[second] = before[second]!.mul(ADAM.beta2).add(gradient.square().mul(1 - ADAM.beta2));
  after[value] = start.sub(after[first]!.mul(rate).div(after[second]!.sqrt().add(ADAM.epsilon)));
}
