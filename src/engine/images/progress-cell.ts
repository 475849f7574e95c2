import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The file descriptor under which a reader process finds its cell. */
export const CELL_DESCRIPTOR = 4;
const BYTES = 8;

/** Which file a reader is at: its chunk, and the index in it. */
export interface Progress {
  chunk: number;
  index: number;
}

/**
 * Eight bytes that a reader process writes before each file and its parent can read at any time, also after the process was killed
 * or hangs in native code, where no message gets out. A nameless file: a microsecond per write, and nothing to drain.
 */
export class ProgressCell {
  readonly descriptor: number;

  constructor() {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'lenet-studio-reader-'));
    this.descriptor = openSync(path.join(folder, 'progress'), 'wx+');
    rmSync(folder, { recursive: true, force: true });
    writeProgress(this.descriptor, { chunk: 0, index: 0 });
  }

  read(): Progress {
    const bytes = Buffer.alloc(BYTES);
    readSync(this.descriptor, bytes, 0, BYTES, 0);
    return { chunk: bytes.readUInt32LE(0), index: bytes.readUInt32LE(4) };
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

const buffer = Buffer.alloc(BYTES);

export function writeProgress(descriptor: number, { chunk, index }: Progress): void {
  buffer.writeUInt32LE(chunk, 0);
  buffer.writeUInt32LE(index, 4);
  writeSync(descriptor, buffer, 0, BYTES, 0);
}
