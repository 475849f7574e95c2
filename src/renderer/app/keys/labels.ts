import { isMac } from '../bridge.ts';
import { text } from '../i18n.ts';
import { keyLabel } from './keys.ts';

/** A key as it is written on a button of this system, in the user's language. */
export const shownKey = (key: string): string =>
  keyLabel(key, isMac).replace(/\bSpace\b/, text().decide.space);
