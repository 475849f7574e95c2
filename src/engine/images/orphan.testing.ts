import { defaultRecipe } from '../../shared/domain.ts';
import { ReaderPool } from './reader-pool.ts';

/** A parent whose readers hang, or wait, at the files named to it; it prints their ids, and the test kills it. */
const entry = new URL('./reader.testing.ts', import.meta.url);
const pool = new ReaderPool({ processes: 2, entry });
const paths = process.argv.slice(2).map((path) => Buffer.from(path));
const reading = pool.read(paths, defaultRecipe);
process.stdout.write(`${JSON.stringify(pool.pids)}\n`);
await reading;
