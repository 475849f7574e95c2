import {
  architecture,
  type activations,
  type Architecture,
  type ArchitectureInput,
  type ModelInput,
  type poolings,
} from '../layers.ts';

/** What an architecture may leave open. */
export interface Choices {
  activation: (typeof activations)[number];
  pooling: (typeof poolings)[number];
  /** Share of the values that dropout takes away; 0 for no such layer. */
  dropout?: number;
}

export const architectureOf = (written: ArchitectureInput): Architecture => architecture.parse(written);

/** Background -0.1 and ink 1.175: LeCun et al. 1998, section II-B. */
export const values1998 = { mean: 0.1 / 1.275, standardDeviation: 1 / 1.275 } satisfies Partial<ModelInput>;
