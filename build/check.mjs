import { setUp } from './setup/index.mjs';
import { fail } from './setup/report.mjs';
import { checkAll } from './test/checks.mjs';

/** `npm run check`: lint, types and format. */
try {
  await setUp({ window: false });
  const { failed } = await checkAll();
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  fail(error);
}
