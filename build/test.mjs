import fs from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { setUp } from './setup/index.mjs';
import { node24, root } from './setup/paths.mjs';
import { say, tell } from './setup/report.mjs';
import { checkAll } from './test/checks.mjs';
import { runShown } from './test/run-shown.mjs';
import { testUser } from './test/unprivileged.mjs';

const isLong = process.argv.includes('--long');
/** One after the other: what drives a window wants the machine for itself. */
const STAGES = isLong ? [['long']] : [['unit'], ['e2e', 'security']];

/** `npm test` and `npm run test:long`: set-up, bundles, checks and all tests. The last line counts them. */
try {
  await setUp({ forTests: true });
  await bundle();
  const total = { passed: 0, failed: 0 };
  const add = ({ passed, failed }) => {
    total.passed += passed;
    total.failed += failed;
  };
  if (!isLong) add(await checkAll());
  const user = testUser();
  try {
    for (const projects of STAGES) add(await stage(user, projects));
  } finally {
    user.dispose();
  }
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
  process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
} catch (error) {
  tell(error);
  process.stdout.write('0 passed, 1 failed\n');
  process.exit(1);
}

/** Runs vitest's projects; a run that ends without a report counts as one failure. */
async function stage(user, projects) {
  say('test', projects.join(', '));
  const report = path.join(user.env.TMPDIR, `${projects.join('-')}.json`);
  const vitest = [
    ...[path.join(user.folder, 'node_modules', 'vitest', 'vitest.mjs'), 'run', '--configLoader=native'],
    ...projects.flatMap((project) => ['--project', project]),
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ];
  const command = [
    ...user.prefix,
    'xvfb-run',
    '-a',
    '-s',
    '-screen 0 1920x1080x24',
    node24In(user.folder),
    ...vitest,
  ];
  const code = await runShown(command, { cwd: user.folder, env: user.env });
  let found;
  try {
    found = JSON.parse(fs.readFileSync(report, 'utf8'));
  } catch {
    say('test', `${projects.join(', ')}: ended with code ${code} and without a report`);
    return { passed: 0, failed: 1 };
  }
  const failed = found.numFailedTests + found.testResults.filter(isBrokenFile).length;
  return { passed: found.numPassedTests, failed: Math.max(failed, code === 0 ? 0 : 1) };
}

/** A file that could not be run has no test to count. */
function isBrokenFile({ status, assertionResults }) {
  return status === 'failed' && !assertionResults.some((result) => result.status === 'failed');
}

/** The same binary in the copy, where there is one. */
function node24In(folder) {
  return path.join(folder, path.relative(root, node24));
}
