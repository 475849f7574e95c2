import type { JournalEntry, JournalState } from '../../../shared/contract/index.ts';
import { modelImport } from '../../pages/models/import.svelte.ts';
import { client } from '../client.ts';
import { connection } from '../connection.svelte.ts';
import { errorText, format, isEngineGone, text } from '../i18n.ts';
import { useCommands, type Command } from '../keys/commands.svelte.ts';
import { session } from '../session.svelte.ts';
import { leaving } from '../state/leaving.svelte.ts';
import { go, pageIds, route, type PageId } from '../state/navigation.svelte.ts';
import { preferences } from '../state/preferences.svelte.ts';
import { project } from '../state/project.svelte.ts';
import { removals } from '../state/removals.svelte.ts';
import { notify } from '../state/toasts.svelte.ts';

/** What lies over the page. */
export const overlays = $state({ palette: false, keys: false });

/** A step in few words: `7 to 2`. */
export function changeText({ kind, count, from, to }: JournalEntry): string {
  if (kind === 'keep' || kind === 'exclude' || kind === 'reopen')
    return text().duplicates.steps[kind](count, format.count(count));
  if (kind === 'doubt' || kind === 'reject' || kind === 'sheet')
    return text().decide.steps[kind](count, format.count(count));
  if (kind === 'add' || kind === 'commit' || kind === 'discard')
    return text().versions.steps[kind](count, format.count(count));
  if (kind === 'tag' || kind === 'untag' || kind === 'split')
    return text().selection.steps[kind](count, format.count(count));
  if (kind === 'accept') return text().decide.steps.accept(count, format.count(count), to);
  const t = text().shell.status;
  const name = (label: number | null): string => (label === null ? t.noLabel : String(label));
  if (count === 1 && from === to) return t.kept(name(to));
  return count === 1 ? t.change(name(from), name(to)) : t.changes(format.count(count), name(to));
}

/** Runs a call whose failure has no other place to be shown. */
async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isEngineGone(error)) notify(errorText(error), 'bad');
  }
}

/** One answer at a time to undo and redo. */
const answer = (words: string): void => notify(words, 'plain', undefined, 'undo');

/** Whether something was removed after the last change of a label. */
export const undoesRemoval = (last: JournalEntry | null): boolean =>
  removals.last !== null && (last === null || removals.last.at > last.at);

/** Whether a removal was taken back, and nothing was done since. */
export const redoesRemoval = (last: JournalEntry | null): boolean =>
  removals.next !== null && (last === null || removals.next.at > last.at);

const undo = (): Promise<void> =>
  attempt(async () => {
    const { undo: last }: JournalState = await client.review.journal();
    if (undoesRemoval(last)) return removals.undo();
    if (last === null) return answer(text().shell.nothingToUndo);
    await client.review.undo();
    answer(text().shell.undone(changeText(last)));
  });

const redo = (): Promise<void> =>
  attempt(async () => {
    const { undo: last, redo: next }: JournalState = await client.review.journal();
    if (redoesRemoval(last)) return removals.redo();
    if (next === null) return answer(text().shell.nothingToRedo);
    await client.review.redo();
    answer(text().shell.redone(changeText(next)));
  });

const hasProject = (): boolean => project.current !== null;

function gotoPage(page: PageId, index: number): Command {
  return {
    id: `go.${page}`,
    title: () => text().shell.commands.goto(text().shell.pages[page]),
    key: `Alt+${index + 1}`,
    page: null,
    run: () => {
      go(page);
      document.getElementById('main')?.focus();
    },
    enabled: () => route.can(page),
  };
}

/** Commands that work on every page; call in the root component. */
export function useGlobalCommands(): void {
  useCommands([
    {
      id: 'palette',
      title: () => text().shell.commands.palette,
      key: 'Mod+K',
      page: null,
      run: () => (overlays.palette = true),
      hidden: true,
    },
    {
      id: 'keys',
      title: () => text().shell.commands.keys,
      key: '?',
      page: null,
      run: () => (overlays.keys = true),
    },
    ...pageIds.map(gotoPage),
    {
      id: 'undo',
      title: () => text().shell.commands.undo,
      key: 'Mod+Z',
      page: null,
      run: () => void undo(),
      enabled: hasProject,
      changes: true,
    },
    {
      id: 'redo',
      title: () => text().shell.commands.redo,
      key: 'Mod+Shift+Z',
      page: null,
      run: () => void redo(),
      enabled: hasProject,
      changes: true,
    },
    {
      id: 'engine.restart',
      title: () => text().shell.commands.restart,
      key: 'Alt+R',
      page: null,
      run: () => void session.restart(),
      enabled: () => connection.state.kind === 'stopped' && !session.restarting,
    },
    {
      id: 'theme',
      title: () => text().shell.commands.theme,
      key: null,
      page: null,
      run: () =>
        void attempt(() => preferences.change({ theme: preferences.theme === 'dark' ? 'light' : 'dark' })),
    },
    {
      id: 'language',
      title: () => text().shell.commands.language,
      key: null,
      page: null,
      run: () =>
        void attempt(() => preferences.change({ language: preferences.language === 'en' ? 'zh-CN' : 'en' })),
    },
    {
      id: 'models.import',
      title: () => text().exchange.open,
      key: null,
      page: null,
      run: () => (modelImport.open = true),
      enabled: hasProject,
      changes: true,
    },
    {
      id: 'project.close',
      title: () => text().shell.commands.closeProject,
      key: null,
      page: null,
      run: () => leaving.ask(() => void attempt(() => client.project.close())),
      enabled: hasProject,
    },
  ]);
}
