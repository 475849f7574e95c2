import type { FitIssue } from '../models/fit.ts';
import type { ErrorCode, ErrorParams, Reason, ReasonCode } from '../errors.ts';

/** An error in three short sentences; a part with nothing to say is empty. */
export interface ErrorText {
  /** What happened. */
  what: string;
  /** What was kept. */
  kept: string;
  /** What to do now. */
  next: string;
}
export type ErrorMessages = Record<ErrorCode, (params: ErrorParams) => ErrorText>;
/** One line each, without a full stop, as they stand in a table. */
export type ReasonMessages = Record<ReasonCode, (params: ErrorParams) => string>;

/** What does not fit, and what would; whole sentences. */
export interface FitText {
  what: string;
  next: string;
}
export type FitMessages = {
  [Kind in FitIssue['kind']]: (issue: Extract<FitIssue, { kind: Kind }>) => FitText;
};

export const fitText = (messages: FitMessages, issue: FitIssue): FitText =>
  (messages[issue.kind] as (issue: FitIssue) => FitText)(issue);

export function explain(messages: ErrorMessages, error: { code: ErrorCode; params: ErrorParams }): ErrorText {
  return messages[error.code](error.params);
}

/** With the words for the system's code in `detail`: `no such file or directory` for `ENOENT`. */
export function withSystemWords(words: Readonly<Record<string, string>>, params: ErrorParams): ErrorParams {
  const detail = words[String(params['detail'])];
  return detail === undefined ? params : { ...params, detail };
}

/** The sentence of a reason in one line: file names and decoders' words may hold line breaks. */
export function reasonLine(messages: ReasonMessages, reason: Reason): string {
  return messages[reason.code](reason.params ?? {})
    .replace(/\s+/g, ' ')
    .trim();
}

/** The sentence of the reason that an error about a file carries among its parameters. */
export const errorReason = (messages: ReasonMessages, { reason, ...params }: ErrorParams): string =>
  reasonLine(messages, { code: reason as ReasonCode, params });
