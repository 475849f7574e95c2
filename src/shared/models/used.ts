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
    default:
      return true;
  }
}
