#!/usr/bin/env node
// Runs on any Node from 20, before anything is installed: finds the engine's Node 24 and goes on there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const platform = process.platform === 'win32' ? 'win' : process.platform;
const node24 = path.join(
  ...[modules, `node-${platform}-${process.arch}`, 'bin'],
  process.platform === 'win32' ? 'node.exe' : 'node',
);
// A checkout runs its sources, so that it never runs an older build of them.
const source = path.join(root, 'src', 'cli', 'index.ts');
const entry = existsSync(source) ? source : path.join(root, 'out', 'engine', 'cli.mjs');

if (!existsSync(node24) || !existsSync(path.join(modules, 'commander'))) {
  console.error(`LeNet Studio is not set up yet. Run once, in ${root}: npm run setup`);
  process.exitCode = 1;
} else if (path.relative(node24, process.execPath) === '') {
  process.argv[1] = entry;
  await import(pathToFileURL(entry).href);
} else {
  goOn();
}

/** The rest in a process of its own: same arguments and streams; signals and the exit code are passed on. */
function goOn() {
  // With the channel the other process notices when this one is killed.
  const child = spawn(node24, [entry, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    windowsHide: true,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${node24} does not start (${error.message}). Run in ${root}: npm run setup`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
