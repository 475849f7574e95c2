import { InvalidArgumentError, Option, type Command } from 'commander';
import { filingParts, filingWish, type FilingPart } from '../shared/contract/filing.ts';
import { cli } from '../shared/messages/en/cli.ts';
import type { Outcome, Session } from './session.ts';

const words = cli.filing;

/** As they come from the command line. */
export interface FilingOptions {
  copyTo?: string;
  moveTo?: string;
  folders?: FilingPart[];
}

/** Options of `classify`. */
export const filingOptions = (): Option[] => [
  new Option('--copy-to <DIR>', words.copyTo).conflicts('moveTo'),
  new Option('--move-to <DIR>', words.moveTo),
  new Option('--folders <list>', words.folders).argParser((text): FilingPart[] => {
    const parsed = filingWish.safeParse(text.split(',').map((part) => part.trim()));
    if (!parsed.success) throw new InvalidArgumentError(words.badFolders(filingParts.join(', ')));
    return parsed.data;
  }),
];

type Perform = (json: boolean | undefined, command: (session: Session) => Promise<Outcome>) => Promise<void>;

/** `studio manifest finish` and `studio manifest undo`. */
export function manifestCommands(program: Command, perform: Perform): void {
  const manifest = program.command('manifest').description(words.about);
  for (const what of ['undo', 'finish'] as const)
    manifest
      .command(what)
      .description(words[what])
      .argument('<MANIFEST>', words.manifest)
      .option('--json', cli.json)
      .action(async (file: string, options: { json?: boolean }) =>
        perform(options.json, async (session) => {
          const { followManifest } = await import('./filing.ts');
          return followManifest(what, file, session);
        }),
      );
}
