import { app } from 'electron';
import { native as english } from '../shared/messages/en/native.ts';
import { native as chinese } from '../shared/messages/zh-CN/native.ts';
import type { Preferences } from './preferences.ts';

export type NativeMessages = typeof english;

/** In the language that the user chose, else the system's. */
export function nativeMessages({ language }: Preferences): NativeMessages {
  return (language ?? app.getLocale()).startsWith('zh') ? chinese : english;
}
