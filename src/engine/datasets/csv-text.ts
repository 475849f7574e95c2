import { isUtf8 } from 'node:buffer';
import type { CsvDelimiter, CsvEncoding } from '../../shared/contract/index.ts';

/** The one that stands least often in text comes first. */
const DELIMITERS: readonly CsvDelimiter[] = ['\t', ';', ','];
/** Lines that the delimiter is judged by. */
const SAMPLE = 50;

/** Share of the characters of two bytes that lie in GB 2312, from which a text counts as GBK and not as Windows-1252. */
const CHINESE = 0.9;

/**
 * A file's text. Without a chosen encoding it is UTF-16 by its byte order mark, else UTF-8, else GBK where its bytes pair up to common Chinese
 * characters, else Windows-1252. What a chosen encoding cannot read becomes a replacement character.
 */
export function csvTextOf(bytes: Buffer, chosen?: CsvEncoding): { text: string; encoding: CsvEncoding } {
  const encoding = chosen ?? detectEncoding(bytes);
  // The decoder takes the byte order mark away.
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

function detectEncoding(bytes: Buffer): CsvEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (isUtf8(bytes)) return 'utf-8';
  return isChinese(bytes) ? 'gbk' : 'windows-1252';
}

/** Western text has single bytes above 0x7F, most of them before a letter; in GB 2312 both bytes of a character are above 0xA0. */
function isChinese(bytes: Buffer): boolean {
  let [pairs, common] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    const [lead, trail] = [bytes[at]!, bytes[++at] ?? 0];
    if (lead === 0x80 || lead === 0xff || trail < 0x40 || trail === 0x7f || trail === 0xff) return false;
    pairs++;
    if (lead >= 0xa1 && lead <= 0xf7 && trail >= 0xa1) common++;
  }
  return pairs > 0 && common >= CHINESE * pairs;
}

/**
 * The rows of a CSV after RFC 4180, also with LF or CR alone; empty lines are none. A quote inside an unquoted field is a
 * character like any other, and a quote that is never closed ends with the text.
 *
 * @param most rows that are read
 */
export function parseCsv(text: string, delimiter: CsvDelimiter, most = Infinity): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length && rows.length < most;) {
    let end: number;
    if (text[at] === '"') {
      const field = quotedField(text, at);
      end = field.end;
      row.push(field.value);
    } else {
      end = fieldEnd(text, at, delimiter);
      row.push(text.slice(at, end));
    }
    if (text[end] === delimiter) {
      at = end + 1;
      // The text ends with a delimiter: one more field, which is empty.
      if (at === text.length || text[at] === '\r' || text[at] === '\n') row.push('');
      if (at < text.length && text[at] !== '\r' && text[at] !== '\n') continue;
      end = at;
    }
    endRow();
    at = text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : end + 1;
  }
  if (row.length > 0) endRow();
  return rows;

  function quotedField(whole: string, start: number): { value: string; end: number } {
    let value = '';
    for (let from = start + 1; ;) {
      const quote = whole.indexOf('"', from);
      if (quote < 0) return { value: value + whole.slice(from), end: whole.length };
      value += whole.slice(from, quote);
      if (whole[quote + 1] !== '"') {
        // What stands between the closing quote and the delimiter belongs to the field.
        const end = fieldEnd(whole, quote + 1, delimiter);
        return { value: value + whole.slice(quote + 1, end), end };
      }
      value += '"';
      from = quote + 2;
    }
  }
}

function fieldEnd(text: string, start: number, delimiter: string): number {
  let at = start;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

/** The delimiter that cuts the first lines into as many fields each, two at least; a comma when none does. */
export function detectDelimiter(text: string): CsvDelimiter {
  const score = (delimiter: CsvDelimiter): number => {
    const widths = parseCsv(text, delimiter, SAMPLE).map(({ length }) => length);
    const usual = widths.toSorted((a, b) => a - b)[widths.length >> 1] ?? 1;
    const alike = widths.filter((width) => width === usual).length / Math.max(1, widths.length);
    return usual < 2 ? 0 : alike + usual / 1_000;
  };
  const best = DELIMITERS.toSorted((a, b) => score(b) - score(a))[0]!;
  return score(best) > 0 ? best : ',';
}
