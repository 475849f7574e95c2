import { StudioError } from '../shared/errors.ts';
import { isBuilt, places } from './places.ts';
import { serve, type Serving } from './serve.ts';
import { consoleWords as words } from './words.ts';

interface Wish {
  /** As typed; any free port when left out. */
  port?: string;
  root?: readonly string[];
}

/**
 * `studio serve`: serves until SIGINT, SIGTERM or the terminal's end. Resolves with the exit code: 0 stopped, 1 error, 2 wrong usage.
 */
export async function serveCommand({ port = '0', root = [] }: Wish): Promise<number> {
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535) return complain(words.badPort(port), 2);
  const found = places();
  if (!isBuilt(found.pages)) return complain(words.notBuilt(found.pages));
  let serving: Serving;
  try {
    serving = await serve({ ...found, port: number, roots: root });
  } catch (error) {
    if (error instanceof StudioError && error.code === 'folder-unreadable')
      return complain(words.badRoot(String(error.params.folder)));
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return complain(words.portTaken(number));
    throw error;
  }
  process.stdout.write(`${words.link(serving.url)}\n${words.stop}\n`);
  await Promise.race([signalled('SIGINT'), signalled('SIGTERM'), signalled('SIGHUP')]);
  await serving.close();
  return 0;
}

const signalled = (name: NodeJS.Signals): Promise<void> =>
  new Promise((resolve) => process.once(name, () => resolve()));

function complain(text: string, code = 1): number {
  process.stderr.write(`${text}\n`);
  return code;
}
