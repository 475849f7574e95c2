import { spawnSync } from 'node:child_process';
import { node24 } from './setup/paths.mjs';

/** Runs the rest of the command line on the engine's Node 24: `node build/node24.mjs script.js …`. */
const { status } = spawnSync(node24, process.argv.slice(2), { stdio: 'inherit' });
process.exit(status ?? 1);
