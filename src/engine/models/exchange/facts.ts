import { isTrained } from '../../../shared/contract/model-card.ts';
import type { StoredModel } from '../store.ts';

/** A share with four decimals, as files for other programs have it. */
export const share = (value: number | null | undefined): string =>
  value == null ? 'unknown' : value.toFixed(4);

/** What a file for another program says of the model, as text: the essentials of its card. */
export function cardFacts({ card, architecture }: StoredModel): Record<string, string> {
  const { mean, standardDeviation, padding } = architecture.input;
  return {
    name: card.name,
    architecture: card.architecture,
    parameters: String(card.parameters),
    createdAt: card.createdAt,
    studioVersion: card.studioVersion,
    input: '28 x 28 bytes, ink 255 on 0, centred as MNIST is; value scale and padding are inside',
    valueScale: `(byte / 255 - ${mean}) / ${standardDeviation}, padding ${padding}`,
    ...(isTrained(card) && {
      data: card.data.name,
      dataSha256: card.data.hash,
      seed: String(card.training.seed),
      testAccuracy: share(card.metrics.testAccuracy),
      bestEpoch: String(card.metrics.bestEpoch),
    }),
    ...(card.origin && { origin: `${card.origin.format}, ${card.origin.name}` }),
  };
}
