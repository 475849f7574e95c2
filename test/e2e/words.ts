import { messagesFor } from '../../src/shared/messages/index.ts';

/** What the pages say, for finding things on them by their accessible names. */
export const en = messagesFor('en');
export const zh = messagesFor('zh-CN');

export const LANGUAGES = { en, 'zh-CN': zh };
export type Language = keyof typeof LANGUAGES;
export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Text that begins with these words, in which § stands for whatever there is. */
export const like = (words: string): RegExp =>
  new RegExp(`^${words.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('§', '.+?')}`);
