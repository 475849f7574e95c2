import { hash } from 'node:crypto';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';
import { baseName } from '../files/names.ts';
import { readRegularFile } from '../files/read-file.ts';
import { decode, type Decoded } from './decode.ts';
import { isAmong } from './known.ts';
import { MAX_FILE_BYTES } from './limits.ts';
import { normalise } from './recipe.ts';
import { extensionOf, promisedFormat, sniff, type ImageFormat } from './sniff.ts';
import type { KnownFile, ReadFailure, ReadOutcome } from './types.ts';

export const failed = (reason: Reason): ReadFailure => ({ status: 'failed', reason });

/** The file's outcome: opened without following links unless asked, read, decoded, normalised. Never throws because of the file. */
export async function readImageFile(
  path: Buffer,
  recipe: NormalisationRecipe,
  follow?: boolean,
): Promise<ReadOutcome> {
  const bytes = readRegularFile(path, MAX_FILE_BYTES, follow);
  if (!Buffer.isBuffer(bytes)) return bytes;
  return readImage(bytes, baseName(path).toString(), recipe);
}

/** The same, unless its content seems to be among those `known`: then it is not decoded. */
export async function readNewImageFile(
  path: Buffer,
  recipe: NormalisationRecipe,
  known: Uint32Array,
  follow?: boolean,
): Promise<ReadOutcome | KnownFile> {
  const bytes = readRegularFile(path, MAX_FILE_BYTES, follow);
  if (!Buffer.isBuffer(bytes)) return bytes;
  const digest = hash('sha256', bytes);
  if (isAmong(known, digest)) return { status: 'known', digest };
  return readImage(bytes, baseName(path).toString(), recipe, digest);
}

/**
 * The outcome for a file's bytes.
 *
 * @param name its name without folders; only what its extension promises is looked at
 * @param digest SHA-256 of the bytes, hex, where it is known already
 */
export async function readImage(
  bytes: Buffer,
  name: string,
  recipe: NormalisationRecipe,
  digest?: string,
): Promise<ReadOutcome> {
  const found = await openImage(bytes, name);
  if ('status' in found) return found;
  const { decoded, format } = found;
  const tile = normalise(decoded.picture, recipe);
  if (!tile) return failed({ code: 'blank' });
  const { width, height } = decoded;
  return {
    status: 'done',
    tile,
    hash: digest ?? hash('sha256', bytes),
    width,
    height,
    note: noteOn(decoded, format, name),
  };
}

/** The decoded picture in a file's bytes, or the outcome when there is none. */
export async function openImage(
  bytes: Buffer,
  name: string,
): Promise<{ decoded: Decoded; format: ImageFormat } | ReadFailure> {
  const format = formatOf(bytes, name);
  if (typeof format !== 'string') return format;
  const decoded = await decode(bytes, format);
  return 'code' in decoded ? failed(decoded) : { decoded, format };
}

/** What a file's first bytes say it is, or the outcome when that is no picture the studio reads. */
export function formatOf(bytes: Buffer, name: string): ImageFormat | ReadFailure {
  if (bytes.length === 0)
    return promisedFormat(name)
      ? failed({ code: 'empty-file' })
      : { status: 'skipped', reason: { code: 'not-an-image', params: { found: 'empty' } } };
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'other')
    return { status: 'skipped', reason: { code: 'not-an-image', params: { found: sniffed.found } } };
  if (sniffed.kind === 'unsupported')
    return failed({ code: 'unsupported-format', params: { format: sniffed.format } });
  return sniffed.format;
}

/** The one thing to know about a file that gave a digit. */
function noteOn({ frames }: Decoded, format: ImageFormat, name: string): Reason | null {
  if (frames > 1) return { code: 'first-of-frames', params: { count: frames } };
  const promised = promisedFormat(name);
  if (promised === null || promised === format) return null;
  return { code: 'name-and-content-differ', params: { name: extensionOf(name), content: format } };
}
