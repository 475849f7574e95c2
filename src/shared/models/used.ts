import type { TrainingParameters } from '../domain.ts';
import { family } from './family/index.ts';

type Choice = Pick<TrainingParameters, 'architecture' | 'loss' | 'optimiser'>;

/** Whether a training parameter changes anything, given what else is chosen. */
export function isUsed(
  parameter: keyof TrainingParameters,
  { architecture, loss, optimiser }: Choice,
): boolean {
  switch (parameter) {
    case 'activation':
    case 'pooling':
    case 'dropout':
      return family[architecture].open.includes(parameter);
    case 'rubbish':
      return loss === 'eq9';
    case 'momentum':
      return optimiser === 'momentum';
    case 'batchSize':
    case 'weightDecay':
    case 'averaging':
      return optimiser !== 'sdlm';
    case 'nonDigits':
      // Its class has the score 0, which penalties never reach, and which no other loss knows.
      return loss === 'cross-entropy' && optimiser !== 'sdlm' && !family[architecture].penalties;
    default:
      return true;
  }
}

/** Whether a network is trained with an eleventh class for what is no digit. */
export const hasRejectClass = (parameters: Choice & Pick<TrainingParameters, 'nonDigits'>): boolean =>
  parameters.nonDigits > 0 && isUsed('nonDigits', parameters);
