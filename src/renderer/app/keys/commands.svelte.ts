import { untrack } from 'svelte';
import { isMac } from '../bridge.ts';
import { mayChange } from '../state/changing.ts';
import { preferences } from '../state/preferences.svelte.ts';
import type { PageId } from '../state/navigation.svelte.ts';
import { keepsKey, keyFor, keyOf, pressesFocus } from './keys.ts';
import { shownKey } from './labels.ts';

/** Something that a key, the palette or a button does. */
export interface Command {
  /** Kept in the settings beside a changed key, so it stays the same for ever. */
  id: string;
  title: () => string;
  /** Such as `Mod+K`, `?`, `Alt+1`; null for none. */
  key: string | null;
  /** Null: everywhere. */
  page: PageId | null;
  run: () => void;
  /** While false it is neither run nor offered. */
  enabled?: () => boolean;
  /** It changes the project: where that is only looked at, it is not offered, and its key says why. */
  changes?: boolean;
  /** Not in the palette: the palette itself. */
  hidden?: boolean;
}

/** A line of the key sheet for keys that a page handles itself. */
export interface KeyHelp {
  /** As they are written on keys, such as `0 to 9`. */
  keys: string[];
  text: string;
}

class Commands {
  #sets = $state.raw<readonly (readonly Command[])[]>([]);
  #help = $state.raw<readonly (() => KeyHelp[])[]>([]);

  get all(): Command[] {
    return this.#sets.flat();
  }

  /** Lines of the page on the screen. */
  get help(): KeyHelp[] {
    return this.#help.flatMap((lines) => lines());
  }

  add(set: readonly Command[]): () => void {
    this.#sets = [...this.#sets, set];
    return () => (this.#sets = this.#sets.filter((other) => other !== set));
  }

  addHelp(lines: () => KeyHelp[]): () => void {
    this.#help = [...this.#help, lines];
    return () => (this.#help = this.#help.filter((other) => other !== lines));
  }

  keyOf(command: Command): string | null {
    return keyFor(command, preferences.settings.keys);
  }

  /** The key as it is written on a button, empty for none. */
  label(id: string): string {
    const command = this.all.find((candidate) => candidate.id === id);
    const key = command === undefined ? null : this.keyOf(command);
    return key === null ? '' : shownKey(key);
  }

  /** Runs the command of a key press, if it has one here. */
  press(event: KeyboardEvent, page: PageId): void {
    if (event.defaultPrevented) return;
    const key = keyOf(event, isMac);
    if (key === null || keepsKey(event.target, key, isMac) || pressesFocus(event.target, key)) return;
    const command = this.all.find(
      (candidate) => (candidate.page === null || candidate.page === page) && this.keyOf(candidate) === key,
    );
    if (command === undefined) return;
    // Where the project is only looked at, that is why it does nothing, whatever else there may be.
    const refused = command.changes === true && !mayChange();
    if (!refused && command.enabled?.() === false) return;
    event.preventDefault();
    if (!refused) command.run();
  }
}

export const commands = new Commands();

/** Offers commands as long as the component lives that this is called in. */
export function useCommands(set: readonly Command[]): void {
  $effect(() => untrack(() => commands.add(set)));
}

/** Puts lines in the key sheet as long as the component lives that this is called in. */
export function useKeyHelp(lines: () => KeyHelp[]): void {
  $effect(() => untrack(() => commands.addHelp(lines)));
}
