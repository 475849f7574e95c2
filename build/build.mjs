import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { fail } from './setup/report.mjs';

/** `npm run build`: set-up, then the bundles, made anew even when nothing changed. */
try {
  await setUp({ window: false });
  await bundle({ force: true });
} catch (error) {
  fail(error);
}
