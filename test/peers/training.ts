import os from 'node:os';
import { compare, node, ours, Peer, python } from './peer.ts';

/** `npm run bench:training [-- ROUNDS]`: steps of the studio and of its peers at batch 64, a round of each after the other. */
const BATCH = 64;
const words = [String(BATCH)];
const cores = String(os.availableParallelism());

await compare(
  'training',
  [
    () => new Peer(node('our-training.ts', ...words, 'average'), 500, BATCH, ours),
    () => new Peer(node('our-training.ts', ...words, 'max'), 500, BATCH, ours),
    () => new Peer(node('our-training.ts', ...words, 'average', 'distorted'), 500, BATCH, ours),
    () => new Peer(python('torch_training.py', ...words, '1'), 300, BATCH),
    () => new Peer(python('torch_training.py', ...words, cores), 300, BATCH),
    () => new Peer(node('tfjs-training.ts', ...words), 100, BATCH),
    () => new Peer(python('note_training.py', ...words), 100, BATCH),
  ],
  Number(process.argv[2] ?? 7),
);
