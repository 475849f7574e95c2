import { CLASSES, type Split } from '../../shared/domain.ts';

/** `classes`: one sub-folder per digit; `splits`: train/ and test/ over those; `flat`: unlabelled. */
export type FolderLayout = 'classes' | 'splits' | 'flat';

export interface Place {
  split: Split;
  label: number | null;
}

const SLASH = 0x2f;
const splitFolders = new Map<string, 'train' | 'test'>([
  ['train', 'train'],
  ['training', 'train'],
  ['test', 'test'],
  ['testing', 'test'],
  ['val', 'test'],
  ['valid', 'test'],
  ['validation', 'test'],
]);
/** What a word for a split stands for; lower case. */
export const splitOf = (word: string): 'train' | 'test' | undefined => splitFolders.get(word);

const unlabelled: Place = { split: 'unlabelled', label: null };

/** The digit that a folder name stands for. */
const classOf = (name: Buffer): number | null => {
  const digit = name.length === 1 ? name[0]! - 0x30 : -1;
  return digit >= 0 && digit < CLASSES ? digit : null;
};

/** The label that a file's own folder gives it: the folder is named 0 to 9. Paths are relative bytes. */
export function parentLabel(path: Buffer): number | null {
  const end = path.lastIndexOf(SLASH);
  if (end < 0) return null;
  const start = end === 0 ? 0 : path.lastIndexOf(SLASH, end - 1) + 1;
  return classOf(path.subarray(start, end));
}

/** Where a file belongs if class folders, or split folders over them, lie at the top; null when it lies in neither. */
function placeByFolders(path: Buffer): (Place & { layout: FolderLayout }) | null {
  const first = path.indexOf(SLASH);
  if (first < 0) return null;
  const top = path.subarray(0, first);
  const label = classOf(top);
  if (label !== null) return { layout: 'classes', split: 'train', label };
  const split = splitOf(top.toString('latin1').toLowerCase());
  const second = path.indexOf(SLASH, first + 1);
  if (!split || second < 0) return null;
  const inner = classOf(path.subarray(first + 1, second));
  return inner === null ? null : { layout: 'splits', split, label: inner };
}

/** Split and label of a file under a source folder of that layout. */
export function placeOf(path: Buffer, layout: FolderLayout): Place {
  const place = layout === 'flat' ? null : placeByFolders(path);
  if (!place || (place.layout === 'splits' && layout === 'classes')) return unlabelled;
  return { split: place.split, label: place.label };
}

/** Counts files as they are listed; only at the end it is known which layout they have. */
export class LayoutCounter {
  readonly #classes = new Array<number>(CLASSES).fill(0);
  readonly #splits = { train: new Array<number>(CLASSES).fill(0), test: new Array<number>(CLASSES).fill(0) };
  total = 0;

  add(path: Buffer): void {
    this.total++;
    const place = placeByFolders(path);
    if (place?.layout === 'classes') this.#classes[place.label!]!++;
    else if (place) this.#splits[place.split as 'train' | 'test'][place.label!]!++;
  }

  result(): {
    layout: FolderLayout;
    total: number;
    perClass: { train: number[]; test: number[] };
    unlabelled: number;
  } {
    const { train, test } = this.#splits;
    const inSplits = sum(train) + sum(test);
    const layout = inSplits > 0 ? 'splits' : sum(this.#classes) > 0 ? 'classes' : 'flat';
    const perClass = { train: train.map((count, digit) => count + this.#classes[digit]!), test };
    return {
      layout,
      total: this.total,
      perClass,
      unlabelled: this.total - sum(perClass.train) - sum(perClass.test),
    };
  }
}

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
