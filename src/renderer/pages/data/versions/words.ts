import { changeKinds, type DigitRow, type VersionCounts } from '../../../../shared/contract/index.ts';
import type { Messages } from '../../../../shared/messages/index.ts';
import { format, text } from '../../../app/i18n.ts';

/** Changes in all; those of test digits are among them. */
export const changed = (counts: VersionCounts): number =>
  changeKinds.reduce((sum, kind) => sum + counts[kind], 0);

/** `2 relabelled, 1 left out`. */
export const changesText = (counts: VersionCounts): string =>
  format.list(
    changeKinds
      .filter((kind) => counts[kind] > 0)
      .map((kind) => text().versions.kinds[kind](counts[kind], format.count(counts[kind]))),
  );

/** What a version made of a digit, in few characters. */
export function changeCaption({ change }: DigitRow, t: Messages['versions'] = text().versions): string {
  if (change === undefined) return '';
  const [from, to] = [change.from, change.to].map((label) =>
    label === null ? t.noLabel : String(label),
  ) as [string, string];
  switch (change.kind) {
    case 'relabelled':
      return t.caption.relabelled(from, to);
    case 'excluded':
      return t.caption.excluded(from);
    case 'moved':
      return t.caption.moved;
    default:
      return t.caption[change.kind](to);
  }
}
