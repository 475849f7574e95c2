// A process for the tests to kill, or to give a small disk of its own: finishes a filing or takes it back, and says how that ended.
import { execFileSync } from 'node:child_process';
import type { StudioError } from '../../shared/errors.ts';
import { finishFiling, undoFiling } from './carry-out.ts';

const [what, manifest, disk] = process.argv.slice(2) as ['finish' | 'undo', string, string?];
const run = what === 'undo' ? undoFiling : finishFiling;
const ending = (): Promise<unknown> =>
  run(manifest, { onProgress: (done) => console.warn(done) }).catch((error: StudioError) => error.code);

const results = [await ending()];
if (disk !== undefined) {
  execFileSync('mount', ['-o', 'remount,size=64m', 'tmpfs', disk]);
  results.push(await ending());
}
process.stdout.write(JSON.stringify(results));
