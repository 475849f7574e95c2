import type { DigitBox, NormalisationStep } from '../../shared/contract/index.ts';
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

/** A file that was not decoded, because the caller seems to know its bytes. */
export interface KnownFile {
  status: 'known';
  /** SHA-256 of the file's bytes, hex. */
  digest: string;
}

/** Reads only what is new. */
export interface NewImageReader {
  /** As `ImageReader.read`, but what has one of the `known` prefixes (see `known.ts`), which may happen by chance, is not decoded. */
  readNew(
    paths: readonly Buffer[],
    recipe: NormalisationRecipe,
    known: Uint32Array,
    follow?: boolean,
  ): Promise<(ReadOutcome | KnownFile)[]>;
}

/** SHA-256 of a file's bytes. */
export type DigestOutcome = { status: 'done'; digest: string } | ReadFailure;

/** Hashes files in processes that can be killed when a read hangs. */
export interface FileHasher {
  /** One outcome per path, in order; never rejects because of a file. Throws `cancelled`. */
  digests(paths: readonly Buffer[], signal?: AbortSignal, follow?: boolean): Promise<DigestOutcome[]>;
}

/** Reads image files in processes of its own, which can be killed when a read hangs. */
export interface ImageReader {
  /** One outcome per path, in order; never rejects because of a file. Paths are absolute, as the file system's bytes. Links are refused unless `follow`. */
  read(paths: readonly Buffer[], recipe: NormalisationRecipe, follow?: boolean): Promise<ReadOutcome[]>;
  close(): Promise<void>;
}

/** A step's picture, for the eye. */
export interface StepPicture extends Omit<NormalisationStep, 'pixels'> {
  /** width x height, uint8, grey. */
  pixels: Uint8Array;
}

export type OriginalOutcome = { status: 'done'; png: Uint8Array } | ReadFailure;
export type StepsOutcome = { status: 'done'; steps: StepPicture[] } | ReadFailure;
export type BoxOutcome = { status: 'done'; box: DigitBox | null } | ReadFailure;

/**
 * Shows files to the eye, in a process of its own: what is looked at waits for no batch. Paths as for `ImageReader`. All throw
 * `original-unreadable` because of the file, and `cancelled`.
 */
export interface PictureViewer {
  /** The file's first picture, upright and in its colours, as PNG with at most 1600 pixels on its long side. */
  original(path: Buffer, signal?: AbortSignal, follow?: boolean): Promise<Uint8Array>;
  /** How it becomes a tile, step by step; ends early where no ink is found. */
  steps(
    path: Buffer,
    recipe: NormalisationRecipe,
    signal?: AbortSignal,
    follow?: boolean,
  ): Promise<StepPicture[]>;
  /** Where the digit lies in its first picture; null where no ink is found. */
  box(
    path: Buffer,
    recipe: NormalisationRecipe,
    signal?: AbortSignal,
    follow?: boolean,
  ): Promise<DigitBox | null>;
}
