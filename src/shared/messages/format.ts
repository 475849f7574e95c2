import type { Settings } from '../contract/index.ts';

export type Language = NonNullable<Settings['language']>;

/** Between a number and its unit; Chinese sets none before `%`. */
const NBSP = '\u00a0';

const cache = new Map<string, Intl.NumberFormat>();
function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = cache.get(key);
  if (format === undefined) cache.set(key, (format = new Intl.NumberFormat(language, options)));
  return format;
}

/** A whole number with its thousands apart. */
export function formatCount(language: Language, value: number): string {
  return numberFormat(language, { maximumFractionDigits: 0 }).format(value);
}

/** With so many digits behind the point, or without `digits` as many as make four significant ones. */
export function formatNumber(language: Language, value: number, digits?: number): string {
  return numberFormat(
    language,
    digits === undefined
      ? { maximumSignificantDigits: 4 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits },
  ).format(value);
}

/** A share from 0 to 1 in per cent. */
export function formatPercent(language: Language, share: number, digits = 1): string {
  return `${formatNumber(language, 100 * share, digits)}${language === 'en' ? NBSP : ''}%`;
}

const durationUnits: Record<Language, { h: string; min: string; s: string }> = {
  en: { h: 'h', min: 'min', s: 's' },
  'zh-CN': { h: '小时', min: '分', s: '秒' },
};

/** A time span in seconds by its two largest units: `0.4 s`, `40 s`, `1 min 40 s`, `2 h 5 min`. */
export function formatDuration(language: Language, seconds: number): string {
  const units = durationUnits[language];
  const whole = Math.round(Math.max(0, seconds));
  const part = (value: string, unit: string): string => `${value}${NBSP}${unit}`;
  if (seconds > 0 && seconds < 0.95) return part(formatNumber(language, Math.max(seconds, 0.1), 1), units.s);
  if (whole < 60) return part(String(whole), units.s);
  const [large, small, size] = whole < 3600 ? [units.min, units.s, 60] : [units.h, units.min, 3600];
  // Rounded in the small unit first, so that 59 min 59.7 s does not become 60 min.
  const inSmall = size === 60 ? whole : Math.round(whole / 60);
  const [high, low] = [Math.floor(inSmall / 60), inSmall % 60];
  return low === 0
    ? part(formatCount(language, high), large)
    : `${part(formatCount(language, high), large)} ${part(String(low), small)}`;
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size in bytes with a decimal unit and two to three digits. */
export function formatBytes(language: Language, bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), byteUnits.length - 1);
  const value = bytes / 1000 ** power;
  return numberFormat(language, {
    style: 'unit',
    unit: byteUnits[power]!,
    // The short form of bytes has no plural.
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 || value >= 10 ? 0 : 1,
  })
    .format(value)
    .replace(' ', NBSP);
}

/** Time of day, 24 hours. */
export function formatTime(language: Language, at: Date): string {
  return at.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

export function formatDateTime(language: Language, at: Date): string {
  return at.toLocaleString(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
}

/** Several facts in one line; empty ones are left out. */
export function formatList(language: Language, parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(language === 'en' ? ', ' : '，');
}

/** All formats of one language. */
export interface Formats {
  count(value: number): string;
  number(value: number, digits?: number): string;
  /** Always that many digits behind the point. */
  fixed(value: number, digits: number): string;
  percent(share: number, digits?: number): string;
  duration(seconds: number): string;
  bytes(bytes: number): string;
  time(at: Date): string;
  dateTime(at: Date): string;
  list(parts: readonly string[]): string;
}

export function formatsFor(language: Language): Formats {
  return {
    count: (value) => formatCount(language, value),
    number: (value, digits) => formatNumber(language, value, digits),
    fixed: (value, digits) => formatNumber(language, value, digits),
    percent: (share, digits) => formatPercent(language, share, digits),
    duration: (seconds) => formatDuration(language, seconds),
    bytes: (bytes) => formatBytes(language, bytes),
    time: (at) => formatTime(language, at),
    dateTime: (at) => formatDateTime(language, at),
    list: (parts) => formatList(language, parts),
  };
}
