/** The part of a keyboard event that decides which command it means. */
export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

const names: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};
const modifiers = [
  'Control',
  'Meta',
  'Alt',
  'Shift',
  'AltGraph',
  'CapsLock',
  'Dead',
  'Process',
  'Unidentified',
];

/** The key alone: letters large, digits by their place where a modifier changes what they type. */
function plainKey({ key, code, altKey, shiftKey }: KeyPress): string | null {
  if (modifiers.includes(key)) return null;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit !== undefined && (altKey || shiftKey)) return digit;
  // Option on a Mac types signs; the letter is what is printed on the key.
  const letter = altKey ? /^Key([A-Z])$/.exec(code)?.[1] : undefined;
  return letter ?? names[key] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/**
 * A key press as text, such as `Mod+Shift+Z` (Mod is Cmd on a Mac, Ctrl elsewhere), `?`, `Alt+1`. Null for modifiers alone and while an
 * input method composes. Shift is part of a sign such as `?` and not named there.
 */
export function keyOf(press: KeyPress, isMac: boolean): string | null {
  if (press.isComposing) return null;
  const key = plainKey(press);
  if (key === null) return null;
  const [mod, other] = isMac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  const sign = key.length === 1 && !/[A-Z0-9]/.test(key);
  return [
    mod ? 'Mod' : '',
    other ? (isMac ? 'Ctrl' : 'Meta') : '',
    press.altKey ? 'Alt' : '',
    press.shiftKey && !sign ? 'Shift' : '',
    key,
  ]
    .filter(Boolean)
    .join('+');
}

/** A key as it is written on a button: `Ctrl K`, `⌘ K`. */
export function keyLabel(key: string, isMac: boolean): string {
  // `+` itself may be the key.
  const parts = key.split(/\+(?=.)/);
  const mac: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Ctrl: '⌃' };
  const arrows: Record<string, string> = { Left: '←', Right: '→', Up: '↑', Down: '↓' };
  return parts
    .map((part) => (isMac ? mac[part] : part === 'Mod' ? 'Ctrl' : undefined) ?? arrows[part] ?? part)
    .join(' ');
}

const reserved = ['Tab', 'Shift+Tab', 'Esc', 'Enter', 'Space', 'Left', 'Right', 'Up', 'Down'];

/** Keys that move the focus or press what has it; no command may take them. */
export const isReserved = (key: string): boolean => reserved.includes(key);

const fields =
  'input:not([type=radio], [type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false])';

const overlays = '[role=dialog], [role=alertdialog], [role=menu]';
/** Keys with a modifier that a field has a use for: undo, clipboard, moving and deleting by words. */
const editing = /^Mod\+(Shift\+)?[ZYXCVA]$|\+(Left|Right|Up|Down|Home|End|Backspace|Delete)$/;

/** Where keys belong to something else than commands: a field that is typed in, or a dialog that is open. */
export function keepsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(`${fields}, ${overlays}`) !== null;
}

/** Whether such a place keeps this key: a field leaves those that no text is typed or edited with. */
export function keepsKey(target: EventTarget | null, key: string, isMac: boolean): boolean {
  if (!(target instanceof Element) || !keepsKeys(target)) return false;
  if (target.closest(overlays)) return true;
  // Option on a Mac types signs.
  const modified = /^(Mod|Ctrl|Meta)\+/.test(key) || (!isMac && key.startsWith('Alt+'));
  return !modified || editing.test(key);
}

const controls =
  'button, a[href], summary, input, [role=button], [role=option], [role=menuitem], [role=combobox]';

/** Enter and Space press what has the focus, where it can be pressed. */
export const pressesFocus = (target: EventTarget | null, key: string): boolean =>
  (key === 'Enter' || key === 'Space') && target instanceof Element && target.closest(controls) !== null;

export interface KeyedCommand {
  id: string;
  /** What it is pressed with when the user changed nothing; null for no key. */
  key: string | null;
  /** Null: on every page. */
  page: string | null;
}

/** The key of a command after the user's changes; an empty text takes the key away. */
export function keyFor(
  command: Pick<KeyedCommand, 'id' | 'key'>,
  changed: Readonly<Record<string, string>>,
): string | null {
  const own = changed[command.id];
  return own === undefined ? command.key : own || null;
}

/** The command that already has a key where `command` would be used: same page, or one of them everywhere. */
export function conflictOf<C extends KeyedCommand>(
  command: KeyedCommand,
  key: string,
  all: readonly C[],
  changed: Readonly<Record<string, string>>,
): C | null {
  return (
    all.find(
      (other) =>
        other.id !== command.id &&
        (other.page === null || command.page === null || other.page === command.page) &&
        keyFor(other, changed) === key,
    ) ?? null
  );
}
