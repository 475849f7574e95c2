import type { Activation } from '../../../shared/models/layers.ts';
import { SCALED_TANH } from '../layers.ts';

/** What the graphs of both formats can do alike. */
interface Graph {
  node(operation: string, inputs: readonly string[]): string;
  number(name: string, value: number): string;
}

/** Adds the activation of a layer, whose operations have the same names in ONNX and TensorFlow; answers the name of its output. */
export function activate(graph: Graph, kind: Activation, x: string, layer: string): string {
  switch (kind) {
    case 'linear':
      return x;
    case 'tanh':
      return graph.node('Tanh', [x]);
    case 'sigmoid':
      return graph.node('Sigmoid', [x]);
    case 'relu':
      return graph.node('Relu', [x]);
    case 'scaled-tanh': {
      const slope = graph.number(`${layer}/slope`, SCALED_TANH.slope);
      const amplitude = graph.number(`${layer}/amplitude`, SCALED_TANH.amplitude);
      return graph.node('Mul', [graph.node('Tanh', [graph.node('Mul', [x, slope])]), amplitude]);
    }
  }
}
