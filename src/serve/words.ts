import { serve as english } from '../shared/messages/en/serve.ts';
import { serve as chinese } from '../shared/messages/zh-CN/serve.ts';

export type ServeWords = typeof english;

/** In the first language of an `Accept-Language` header. */
export const wordsFor = (languages: string | undefined): ServeWords =>
  /^zh\b/i.test(languages ?? '') ? chinese : english;

/** In the language of the console. */
export const consoleWords = wordsFor(Intl.DateTimeFormat().resolvedOptions().locale);
