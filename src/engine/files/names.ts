import { isUtf8 } from 'node:buffer';

const SLASH = 0x2f;
const SEPARATOR = Buffer.from('/');
const ESCAPE = /\\x[0-9a-f]{2}/;

/** A folder's path and a relative path below it, as bytes. */
export function joinBytes(folder: Buffer, relative: Buffer): Buffer {
  if (folder.length > 0 && folder[folder.length - 1] === SLASH) return Buffer.concat([folder, relative]);
  return Buffer.concat([folder, SEPARATOR, relative]);
}

/** The last component of a path. */
export const baseName = (path: Buffer): Buffer => path.subarray(path.lastIndexOf(SLASH) + 1);

/**
 * A relative path as text. File names are bytes on Linux and need not be UTF-8: a component that is UTF-8 stays as it is;
 * any other is written with `\xHH` for the bytes that are not and `\\` for a backslash. A component that is UTF-8 but holds
 * what looks like such an escape is written so too. Hence a component is escaped exactly when it holds an escape, and
 * `unescapeName` gives the bytes back for every name.
 */
export function escapeName(path: Buffer): string {
  if (isUtf8(path)) {
    const text = path.toString('utf8');
    if (!ESCAPE.test(text)) return text;
  }
  return splitBytes(path).map(escapeComponent).join('/');
}

/** What a file, or a digit within one, is called: `t10k-images-idx3-ubyte#17`. */
export const digitName = (path: Buffer, position: number | null): string =>
  position === null ? escapeName(path) : `${escapeName(path)}#${position}`;

/** The bytes of a path that `escapeName` has written. */
export function unescapeName(text: string): Buffer {
  if (!ESCAPE.test(text)) return Buffer.from(text, 'utf8');
  const components = text.split('/').map(unescapeComponent);
  return Buffer.concat(components.flatMap((part, index) => (index === 0 ? [part] : [SEPARATOR, part])));
}

function splitBytes(path: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let slash = path.indexOf(SLASH); slash >= 0; slash = path.indexOf(SLASH, start)) {
    parts.push(path.subarray(start, slash));
    start = slash + 1;
  }
  parts.push(path.subarray(start));
  return parts;
}

function escapeComponent(name: Buffer): string {
  if (isUtf8(name) && !ESCAPE.test(name.toString('utf8'))) return name.toString('utf8');
  let text = '';
  for (let at = 0; at < name.length;) {
    const length = characterLength(name, at);
    if (length === 0) text += `\\x${name[at]!.toString(16).padStart(2, '0')}`;
    else text += name.toString('utf8', at, at + length).replace('\\', '\\\\');
    at += length || 1;
  }
  return text;
}

/** Bytes of the UTF-8 character that begins here; 0 when none does. */
function characterLength(bytes: Buffer, at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const character = bytes.subarray(at, at + length);
  return character.length === length && isUtf8(character) ? length : 0;
}

function unescapeComponent(text: string): Buffer {
  if (!ESCAPE.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const [token] of text.matchAll(/\\\\|\\x[0-9a-f]{2}|[^\\]+|\\/g)) {
    if (token.startsWith('\\x')) parts.push(Buffer.from(token.slice(2), 'hex'));
    else parts.push(Buffer.from(token === '\\\\' ? '\\' : token, 'utf8'));
  }
  return Buffer.concat(parts);
}
