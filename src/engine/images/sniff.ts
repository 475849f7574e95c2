import { isUtf8 } from 'node:buffer';

export const imageFormats = ['png', 'jpeg', 'bmp', 'webp', 'tiff', 'gif'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** What a file's first bytes say: a picture to read, a picture of a kind the studio does not read, or something else. */
export type Sniffed =
  | { kind: 'image'; format: ImageFormat }
  | { kind: 'unsupported'; format: string }
  | { kind: 'other'; found: string };

const image = (format: ImageFormat): Sniffed => ({ kind: 'image', format });
const unsupported = (format: string): Sniffed => ({ kind: 'unsupported', format });
const other = (found: string): Sniffed => ({ kind: 'other', found });

interface Signature {
  at?: number;
  /** Latin-1 bytes. */
  magic: string;
  and?: (bytes: Buffer) => boolean;
  is: Sniffed | ((bytes: Buffer) => Sniffed);
}

/** Sizes of the BMP headers in use; two letters alone would make many a text file a picture. */
const bmpHeaders = new Set([12, 16, 40, 52, 56, 64, 108, 124]);
const isBmp = (bytes: Buffer): boolean => bytes.length >= 26 && bmpHeaders.has(bytes.readUInt32LE(14));
const isNetpbm = (bytes: Buffer): boolean => /^P[1-7][ \t\r\n]+[#\d]/.test(bytes.toString('latin1', 0, 16));
const hasIconCount = (bytes: Buffer): boolean => bytes.length > 5 && bytes.readUInt16LE(4) > 0;

/** ISO base media: pictures and films share the container, and differ in the brand. */
function sniffBox(bytes: Buffer): Sniffed {
  const brand = bytes.toString('latin1', 8, 12);
  if (brand === 'avif' || brand === 'avis') return unsupported('avif');
  if (/^(hei|hev|hec|mif1|msf1)/.test(brand)) return unsupported('heif');
  return other('video');
}

/** The first that fits counts. */
const signatures: Signature[] = [
  { magic: '\x89PNG\r\n\x1a\n', is: image('png') },
  { magic: '\xff\xd8\xff', is: image('jpeg') },
  { magic: 'GIF87a', is: image('gif') },
  { magic: 'GIF89a', is: image('gif') },
  { magic: 'RIFF', and: (bytes) => bytes.toString('latin1', 8, 12) === 'WEBP', is: image('webp') },
  { at: 8, magic: 'CR', and: (bytes) => bytes.toString('latin1', 0, 4) === 'II*\0', is: unsupported('raw') },
  { magic: 'II*\0', is: image('tiff') },
  { magic: 'MM\0*', is: image('tiff') },
  { magic: 'II+\0', is: image('tiff') },
  { magic: 'MM\0+', is: image('tiff') },
  { magic: 'BM', and: isBmp, is: image('bmp') },
  { at: 4, magic: 'ftyp', is: sniffBox },
  { magic: '\0\0\x01\0', and: hasIconCount, is: unsupported('ico') },
  { magic: '\0\0\x02\0', and: hasIconCount, is: unsupported('ico') },
  { magic: '\0\0\0\x0cjP  ', is: unsupported('jpeg2000') },
  { magic: '\xff\x4f\xff\x51', is: unsupported('jpeg2000') },
  { magic: '\0\0\0\x0cJXL ', is: unsupported('jpegxl') },
  { magic: '\xff\x0a', is: unsupported('jpegxl') },
  { magic: '8BPS', is: unsupported('psd') },
  { magic: 'qoif', is: unsupported('qoi') },
  { magic: 'v/1\x01', is: unsupported('exr') },
  { magic: 'gimp xcf', is: unsupported('xcf') },
  { magic: 'AT&TFORM', is: unsupported('djvu') },
  { at: 128, magic: 'DICM', is: unsupported('dicom') },
  { magic: 'P', and: isNetpbm, is: unsupported('netpbm') },
  { magic: '%PDF', is: other('pdf') },
  { magic: '%!PS', is: other('postscript') },
  { magic: 'PK\x03\x04', is: other('zip') },
  { magic: 'PK\x05\x06', is: other('zip') },
  { magic: '\x1f\x8b', is: other('gzip') },
  { magic: '7z\xbc\xaf\x27\x1c', is: other('7z') },
  { magic: 'Rar!', is: other('rar') },
  { magic: 'SQLite format 3\0', is: other('sqlite') },
  { magic: '\x7fELF', is: other('program') },
  { magic: 'MZ', and: (bytes) => !looksLikeText(bytes), is: other('program') },
  { magic: 'RIFF', is: other('media') },
  { magic: 'OggS', is: other('media') },
  { magic: 'ID3', is: other('media') },
];

const startsWith = (bytes: Buffer, magic: string, at: number): boolean =>
  bytes.length >= at + magic.length && bytes.toString('latin1', at, at + magic.length) === magic;

/** Names a file by its first bytes (at most 512 are looked at); its name plays no part. */
export function sniff(bytes: Buffer): Sniffed {
  for (const { at = 0, magic, and, is } of signatures)
    if (startsWith(bytes, magic, at) && (!and || and(bytes)))
      return typeof is === 'function' ? is(bytes) : is;
  if (!looksLikeText(bytes)) return other('unknown');
  return /^\s*(<\?xml[^]*?)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^]*?)?<svg[\s>]/i.test(
    bytes.toString('utf8', 0, 512),
  )
    ? unsupported('svg')
    : other('text');
}

function looksLikeText(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 512);
  if (start.length === 0) return false;
  if (startsWith(start, '\xff\xfe', 0) || startsWith(start, '\xfe\xff', 0)) return true;
  if (start.some((byte) => byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b)) return false;
  // The last character may be cut by the window.
  for (let cut = 0; cut < 4 && cut < start.length; cut++)
    if (isUtf8(start.subarray(0, start.length - cut))) return true;
  return false;
}

const formatsByExtension = new Map<string, ImageFormat>([
  ['png', 'png'],
  ['apng', 'png'],
  ['jpg', 'jpeg'],
  ['jpeg', 'jpeg'],
  ['jpe', 'jpeg'],
  ['jfif', 'jpeg'],
  ['bmp', 'bmp'],
  ['dib', 'bmp'],
  ['webp', 'webp'],
  ['tif', 'tiff'],
  ['tiff', 'tiff'],
  ['gif', 'gif'],
]);

/** The extension of a file name, in lower case without its dot; empty when it has none. */
export const extensionOf = (name: string): string => /[^/]\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** The format that a file's name promises, null when it promises none that the studio reads. */
export const promisedFormat = (name: string): ImageFormat | null =>
  formatsByExtension.get(extensionOf(name)) ?? null;
