import { messagesFor } from '../../src/shared/messages/index.ts';

/** What the pages say, for finding things on them by their accessible names. */
export const en = messagesFor('en');
export const zh = messagesFor('zh-CN');
