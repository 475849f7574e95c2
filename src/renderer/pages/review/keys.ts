/** What a key does on the Review page. */
export type ReviewAction =
  { kind: 'label'; digit: number } | { kind: 'clear' } | { kind: 'move'; by: 1 | -1 } | { kind: 'unfilter' };

/** Where the focus is: a field takes all keys, a control (button, link) keeps Enter and Space, the rest takes none. */
export type KeyPlace = 'field' | 'control' | 'free';

type Keys = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'isComposing'
>;

const digitCode = /^(?:Digit|Numpad)([0-9])$/;

/** The digit of a key: as typed, or by its place where the layout wants Shift for digits (French) or an input method is on. */
function digitOf(event: Keys): number | null {
  if (/^[0-9]$/.test(event.key)) return Number(event.key);
  const place = digitCode.exec(event.code)?.[1];
  const numpadOff = event.code.startsWith('Numpad') && event.key.length > 1 && event.key !== 'Process';
  return place === undefined || event.shiftKey || numpadOff ? null : Number(place);
}

/** The action of a key, null where it has none. Undo and redo are commands of the whole window. */
export function actionOf(event: Keys, place: KeyPlace): ReviewAction | null {
  if (place === 'field' || event.ctrlKey || event.metaKey || event.altKey) return null;
  const digit = digitOf(event);
  if (digit !== null) return { kind: 'label', digit };
  if (event.isComposing) return null;
  switch (event.key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return { kind: 'move', by: 1 };
    case 'ArrowLeft':
    case 'ArrowUp':
      return { kind: 'move', by: -1 };
    case 'Delete':
    case 'Backspace':
      return { kind: 'clear' };
    case 'Escape':
      return { kind: 'unfilter' };
    default:
      return null;
  }
}

const fields =
  'input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable]:not([contenteditable=false])';
const overlays = '[role=dialog], [role=alertdialog], [role=listbox], [role=menu]';
const controls =
  'button, a[href], summary, input, [role=button], [role=option], [role=menuitem], [role=combobox]';

/** Reads the place from the element with the focus; digits in the grid are there to be worked on, not pressed. */
export function placeOf(target: EventTarget | null, workplace: Element | null): KeyPlace {
  if (!(target instanceof Element)) return 'free';
  if (target.closest(fields)) return 'field';
  if (workplace?.contains(target)) return 'free';
  if (target.closest(overlays)) return 'field';
  return target.closest(controls) ? 'control' : 'free';
}
