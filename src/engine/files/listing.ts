import { opendir, type Dir } from 'node:fs';
import { promisify } from 'node:util';
import { StudioError, type Reason, type ReasonCode } from '../../shared/errors.ts';

/** Bytes as a string of the same length and order; sorts and hashes faster than a Buffer, and takes less memory. */
export type ByteString = string;
export const toBuffer = (name: ByteString): Buffer => Buffer.from(name, 'latin1');

export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StudioError('cancelled');
}

/** Directory entries per call of the thread pool. */
const READ_AHEAD = 1024;

/** Why a name is not read. */
export interface Refusal {
  outcome: 'skipped' | 'failed';
  reason: Reason;
}

export interface Listing {
  /** Sorted; folders end with `/`, which is how the full paths below them sort. */
  names: ByteString[];
  /** Names that are neither folders nor regular files. */
  refused: Map<ByteString, Refusal>;
  /** Of the names, links that are followed. */
  links: Set<ByteString>;
  /** Why the listing is not complete. */
  error: unknown;
}

const openFolder = promisify(
  opendir as unknown as (
    path: Buffer,
    options: { encoding: 'buffer'; bufferSize: number },
    callback: (error: Error | null, folder: Dir) => void,
  ) => void,
);

export const skipped = (code: ReasonCode): Refusal => ({ outcome: 'skipped', reason: { code } });

/** Lists one folder, however many entries it has, without holding up the event loop. Throws `cancelled` only. */
export async function list(folder: Buffer, signal: AbortSignal | undefined): Promise<Listing> {
  const listing: Listing = { names: [], refused: new Map(), links: new Set(), error: null };
  try {
    const entries = await openFolder(folder, { encoding: 'buffer', bufferSize: READ_AHEAD });
    for await (const entry of entries) {
      checkCancelled(signal);
      const name = (entry.name as unknown as Buffer).toString('latin1');
      listing.names.push(entry.isDirectory() ? `${name}/` : name);
      if (entry.isSymbolicLink()) listing.refused.set(name, skipped('symbolic-link'));
      else if (!entry.isFile() && !entry.isDirectory())
        listing.refused.set(name, skipped('not-a-regular-file'));
    }
  } catch (error) {
    if (error instanceof StudioError) throw error;
    listing.error = error;
  }
  listing.names.sort();
  return listing;
}
