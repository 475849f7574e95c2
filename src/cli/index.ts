import { CommanderError } from 'commander';
import { studioProgram } from './program.ts';

const DONE = 0;
const WRONG_USAGE = 2;

async function run(): Promise<number> {
  let code = DONE;
  try {
    await studioProgram((answer) => (code = answer)).parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said it all; asked for help or the version, it ends with 0.
    return error.exitCode === 0 ? DONE : WRONG_USAGE;
  }
}

/** Until all that was written has gone out. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

// A reader that has gone, as in `studio models | head`, is no fault.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
// The launcher was killed: this ends as if it had been told to.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const code = await run();
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
