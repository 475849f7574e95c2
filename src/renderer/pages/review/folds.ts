import type { DataSet } from '../../../shared/contract/index.ts';

/** Labelled training digits of a data set. */
export const trainDigits = ({ perClass }: DataSet): number =>
  perClass.train.reduce((sum, one) => sum + one, 0);
