import { parseArgs } from 'node:util';
import { serveCommand } from './command.ts';
import { consoleWords as words } from './words.ts';

function wish(): { port?: string; root?: string[] } | null {
  try {
    return parseArgs({
      options: { port: { type: 'string' }, root: { type: 'string', multiple: true } },
    }).values;
  } catch {
    return null;
  }
}

const wanted = wish();
if (!wanted) process.stderr.write(`${words.usage}\n`);
process.exit(wanted ? await serveCommand(wanted) : 2);
