import { errorData } from '../../shared/contract/index.ts';
import type { Reason } from '../../shared/errors.ts';
import {
  explain,
  formatsFor,
  messagesFor,
  reasonLine,
  withSystemWords,
  type ErrorText,
  type Formats,
  type Language,
  type Messages,
} from '../../shared/messages/index.ts';
import { connection, EngineGone } from './connection.svelte.ts';
import { preferences } from './state/preferences.svelte.ts';

/** Messages in the user's language; reactive, so read it in templates and `$derived`. */
export const text = (): Messages => messagesFor(preferences.language);

const formats: Record<Language, Formats> = { en: formatsFor('en'), 'zh-CN': formatsFor('zh-CN') };
const now = (): Formats => formats[preferences.language];

/** Numbers, times and sizes in the user's language; reactive. */
export const format: Formats = {
  count: (value) => now().count(value),
  number: (value, digits) => now().number(value, digits),
  fixed: (value, digits) => now().fixed(value, digits),
  percent: (share, digits) => now().percent(share, digits),
  duration: (seconds) => now().duration(seconds),
  bytes: (bytes) => now().bytes(bytes),
  time: (at) => now().time(at),
  dateTime: (at) => now().dateTime(at),
  list: (parts) => now().list(parts),
};

/** Whether an error only says that the engine went away: the banner tells that already. */
export const isEngineGone = (error: unknown): boolean =>
  error instanceof EngineGone || connection.state.kind === 'stopped';

/** Whether a call ended because somebody stopped it. */
export const isCancelled = (error: unknown): boolean =>
  (error as { data?: { code?: unknown } } | null)?.data?.code === 'cancelled';

/** What happened, what was kept, what to do; of anything that was thrown, or of `error` fields in the contract. */
export function errorParts(error: unknown): ErrorText {
  const messages = text();
  const data = (error as { data?: unknown } | null)?.data ?? error;
  const known = errorData.safeParse(data);
  if (known.success) {
    const { code, params } = known.data;
    return explain(messages.errors, { code, params: withSystemWords(messages.system, params) });
  }
  if (isEngineGone(error)) return { what: messages.common.engineGone, kept: '', next: '' };
  const detail = error instanceof Error ? error.message : String(error);
  return explain(messages.errors, { code: 'internal', params: { detail } });
}

/** The same in one paragraph. */
export function errorText(error: unknown): string {
  const { what, kept, next } = errorParts(error);
  const [stop, space] = preferences.language === 'en' ? ['.', ' '] : ['。', ''];
  // What a library says of itself may end without a full stop.
  const sentence = (part: string): string => (/[.!?。！？]$/.test(part) ? part : part + stop);
  return [what, kept, next].filter(Boolean).map(sentence).join(space);
}

/** A file's reason in one line. */
export function reasonText({ code, params = {} }: Reason): string {
  const { reasons, system } = text();
  return reasonLine(reasons, { code, params: withSystemWords(system, params) });
}
