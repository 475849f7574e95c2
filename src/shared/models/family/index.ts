import type { z } from 'zod';
import type { trainingParameters } from '../../domain.ts';
import { StudioError } from '../../errors.ts';
import type { Architecture, ConvolutionType } from '../layers.ts';
import type { Choices } from './choices.ts';
import { compact } from './compact.ts';
import { lenet1 } from './lenet1.ts';
import { lenet4 } from './lenet4.ts';
import { lenet5 } from './lenet5.ts';
import { lenet5Published } from './lenet5-published.ts';
import { noteAsWritten, noteMended } from './note.ts';

export const architectureNames = [
  'lenet5',
  'lenet5-published',
  'lenet4',
  'lenet1',
  'note-as-written',
  'note-mended',
  'compact',
] as const;
export type ArchitectureName = (typeof architectureNames)[number];

type Recipe = z.input<typeof trainingParameters>;

interface Member {
  make(choices: Choices): Architecture;
  /** Of the choices, those that it leaves open. */
  open: readonly (keyof Choices)[];
  /** What it is trained with unless the user says otherwise; the rest are the defaults. */
  recipe: Omit<Recipe, 'architecture'>;
  /** Its scores are negated penalties, or lie in (0, 1]: those of an RBF layer. */
  penalties?: true;
}

const none: readonly (keyof Choices)[] = [];
/** LeCun et al. 1998, appendix C: one pattern per update, 20 passes with a falling rate. */
const sdlm = { optimiser: 'sdlm', epochs: 20, learningRate: 0.0005, schedule: 'lecun-1998' } satisfies Recipe;
/** The study note's own program. */
const note = { learningRate: 0.01, momentum: 0.9, batchSize: 64, epochs: 5 } satisfies Recipe;

export const family: Record<ArchitectureName, Member> = {
  lenet5: { make: lenet5, open: ['activation', 'pooling', 'dropout'], recipe: {} },
  'lenet5-published': {
    make: lenet5Published,
    open: none,
    recipe: { ...sdlm, loss: 'eq9' },
    penalties: true,
  },
  lenet4: { make: lenet4, open: none, recipe: { ...sdlm, loss: 'mse' } },
  lenet1: { make: lenet1, open: none, recipe: { ...sdlm, loss: 'mse' } },
  'note-as-written': { make: noteAsWritten, open: none, recipe: note, penalties: true },
  'note-mended': { make: noteMended, open: none, recipe: note, penalties: true },
  compact: {
    make: compact,
    open: none,
    recipe: {
      optimiser: 'adam',
      learningRate: 0.01,
      schedule: 'one-cycle',
      weightDecay: 0.01,
      averaging: 0.999,
      epochs: 20,
    },
  },
};

/**
 * The architecture that parameters name, with the kinds of convolution that a user has swapped. Throws `unknown-id` for a convolution
 * that it does not have; `summarise` says whether the shapes fit.
 */
export function architectureFor(parameters: z.output<typeof trainingParameters>): Architecture {
  const { architecture: name, convolutions, activation, pooling, dropout } = parameters;
  const model = family[name].make({ activation, pooling, dropout });
  const left = new Map(Object.entries(convolutions));
  const layers = model.layers.map((layer) => {
    const type = left.get(layer.name);
    if (type === undefined || layer.kind !== 'convolution') return layer;
    left.delete(layer.name);
    return { ...layer, type, ...(type === 'separable' && { connections: undefined }) };
  });
  for (const [id] of left) throw new StudioError('unknown-id', { kind: 'layer', id });
  return { ...model, layers };
}

/** The convolutions of an architecture whose kind can be swapped. */
export const convolutionsOf = (model: Architecture): { name: string; type: ConvolutionType }[] =>
  model.layers.flatMap((layer) =>
    layer.kind === 'convolution' ? [{ name: layer.name, type: layer.type }] : [],
  );
