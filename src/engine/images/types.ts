import type { NormalisationRecipe } from '../../shared/domain.ts';
import type { Reason } from '../../shared/errors.ts';

/** A file that gave a digit. */
export interface ReadTile {
  status: 'done';
  /** 28 x 28, uint8, ink 255 on background 0. */
  tile: Uint8Array;
  /** SHA-256 of the file's bytes, hex. */
  hash: string;
  /** Of the original, after EXIF orientation, in pixels. */
  width: number;
  height: number;
  /** Something to know about it, such as "first of 5 frames". */
  note: Reason | null;
}

/** A file that gave none, with why. */
export interface ReadFailure {
  status: 'failed' | 'skipped';
  reason: Reason;
}

export type ReadOutcome = ReadTile | ReadFailure;

/** Reads image files in processes of its own, which can be killed when a read hangs. */
export interface ImageReader {
  /** One outcome per path, in order; never rejects because of a file. Paths are absolute, as the file system's bytes. */
  read(paths: readonly Buffer[], recipe: NormalisationRecipe): Promise<ReadOutcome[]>;
  close(): Promise<void>;
}
