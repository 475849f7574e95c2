import os from 'node:os';
import { compare, node, ours, Peer, python } from './peer.ts';

/** `npm run bench:inference [-- ROUNDS]`: digits from memory to probabilities; PyTorch at several batch sizes. */
const OURS = 10_000;
const cores = String(os.availableParallelism());
const torch = (batch: number, threads: string) => () =>
  new Peer(python('torch_inference.py', String(batch), threads), Math.ceil(20_000 / batch), batch);

await compare(
  'inference',
  [
    () => new Peer(node('our-inference.ts', String(OURS)), 3, OURS, ours),
    ...[100, 256, 1000].map((batch) => torch(batch, cores)),
    torch(256, '1'),
  ],
  Number(process.argv[2] ?? 7),
);
