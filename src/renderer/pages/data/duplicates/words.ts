import type { DuplicatePair } from '../../../../shared/contract/index.ts';
import { format, text } from '../../../app/i18n.ts';

export const labelText = (label: number | null): string =>
  label === null ? text().duplicates.noLabel : String(label);

/** How alike the digits of a pair are. */
export function matchText({ match, difference }: DuplicatePair): string {
  const t = text().duplicates.match;
  return match === 'near' ? t.near(format.percent(difference, 1)) : t[match];
}
