import fs from 'node:fs';
import path from 'node:path';
import { fingerprint, isRoot } from './paths.mjs';
import { say, SetupError } from './report.mjs';
import { lastLines, run } from './run.mjs';

const STEP = 'system';
const DEBIAN = [
  'libgtk-3-0',
  'libnss3',
  'libatk1.0-0',
  'libatk-bridge2.0-0',
  'libcups2',
  'libgbm1',
  'libasound2',
  'libxss1',
  'libxtst6',
];
const DEBIAN_TEST = ['xvfb', 'xauth'];

/** The system libraries Electron needs, and Xvfb for tests. Installed when root, else the one command is printed. */
export async function systemLibraries(executable, { forTests = false } = {}) {
  if (process.platform !== 'linux') return;
  const stamp = path.join(path.dirname(executable), `.libraries-${forTests ? 'test' : 'start'}`);
  if (
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, 'utf8') === fingerprint(executable) &&
    (await missing(executable, forTests, true)).length === 0
  ) {
    say(STEP, 'libraries present');
    return;
  }
  let lacking = await missing(executable, forTests);
  if (lacking.length > 0) {
    const wanted = forTests ? [...DEBIAN, ...DEBIAN_TEST] : DEBIAN;
    const install = ['install', '-y', '--no-install-recommends'];
    if (!isRoot || (await run('apt-get', ['--version'])).missing) {
      const command = ['sudo apt-get', ...install, ...(await offered(wanted))].join(' ');
      throw new SetupError(
        STEP,
        `missing: ${lacking.join(', ')}`,
        `Run once: ${command}   (or the like on your system)`,
      );
    }
    say(STEP, `installing ${wanted.length} Debian packages ...`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    const words = [...install, ...(await offered(wanted))];
    const result = await run('apt-get', words, { env });
    if (result.code !== 0)
      throw new SetupError(
        STEP,
        `apt-get failed: ${lastLines(result.output)}`,
        `Run by hand: apt-get ${words.join(' ')}`,
      );
    lacking = await missing(executable, forTests);
    if (lacking.length > 0)
      throw new SetupError(
        STEP,
        `still missing: ${lacking.join(', ')}`,
        'Install the packages that carry them.',
      );
  }
  try {
    fs.writeFileSync(stamp, fingerprint(executable));
  } catch {
    // A read-only runtime folder only costs this check again next time.
  }
  say(STEP, 'libraries ready');
}

/** The packages under the names that this system offers: newer Debian and Ubuntu add `t64` to some. */
async function offered(names) {
  const asked = names.flatMap((name) => [name, `${name}t64`]);
  const { output } = await run('apt-cache', ['policy', ...asked], { env: { LC_ALL: 'C' } });
  const there = new Set(
    [...output.matchAll(/^(\S+):\n +Installed: .*\n +Candidate: (?!\(none\))/gm)].map(([, name]) => name),
  );
  return names.map((name) => (!there.has(name) && there.has(`${name}t64`) ? `${name}t64` : name));
}

async function missing(executable, forTests, programsOnly = false) {
  const lacking = [];
  if (!programsOnly) {
    const { output } = await run('ldd', [executable]);
    for (const [, name] of output.matchAll(/^\s*(\S+) => not found/gm)) lacking.push(name);
  }
  if (forTests) {
    const folders = (process.env.PATH ?? '').split(path.delimiter);
    for (const program of ['xvfb-run', 'xauth', 'Xvfb'])
      if (!folders.some((folder) => fs.existsSync(path.join(folder, program)))) lacking.push(program);
  }
  return lacking;
}
