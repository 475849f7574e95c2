import { setUp } from './setup/index.mjs';
import { fail } from './setup/report.mjs';

/** `npm run setup`: all steps, without starting anything. */
await setUp({
  forTests: process.argv.includes('--for-tests'),
  allowStandIn: !process.argv.includes('--no-stand-in'),
}).catch(fail);
