import { defaultParameters } from '../../shared/domain.ts';
import { someDigits } from '../training/digits.testing.ts';
import { ComputeProcess } from './client.ts';

/** A parent that trains without end and prints the computing process's id once that is at work; the test kills it. */
const compute = new ComputeProcess();
const digits = await someDigits('train', 300);
const request = { parameters: { ...defaultParameters, epochs: 1000 }, train: digits, validation: digits };
let told = false;
const tell = (): void => {
  if (!told) process.stdout.write(`${compute.pid}\n`);
  told = true;
};
await compute.train(
  request,
  { points: tell, progress: () => undefined, epoch: () => undefined, checkpoint: () => undefined },
  new AbortController().signal,
);
