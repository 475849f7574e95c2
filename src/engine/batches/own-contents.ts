import { prefixOf } from '../images/known.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { FileResult } from './ledger.ts';
import type { Reading } from './reading.ts';

/** Contents that are remembered, a power of two: 2 MB, however large the batch. */
const SLOTS = 2 ** 18;
const WORDS = 2;

/**
 * How a batch itself has read contents so far, so that the model is not asked again for copies that come later. What two contents would share a place for, the later
 * one has; the rest is read from the ledger, which holds the whole hash.
 */
export class OwnContents {
  readonly #db: Db;
  /** Pairs of a content's prefix and its file's id, 0 for none, by the prefix's low bits. */
  readonly #slots = new Uint32Array(SLOTS * WORDS);

  constructor(db: Db) {
    this.#db = db;
  }

  /** Takes note of what has been entered. */
  add(results: readonly FileResult[]): void {
    for (const { fileId, digit, hash } of results) {
      if (digit === null || hash === null) continue;
      const prefix = prefixOf(hash);
      this.#slots.set([prefix, fileId], slotOf(prefix));
    }
  }

  /** What the model answered for that content (SHA-256, hex); null where it is not known. */
  find(hash: string): Reading | null {
    const prefix = prefixOf(hash);
    const at = slotOf(prefix);
    const id = this.#slots[at + 1]!;
    if (id === 0 || this.#slots[at] !== prefix) return null;
    const row = sql<Reading>(
      this.#db,
      `SELECT digit, confidence, second, second_confidence AS secondConfidence, probabilities
       FROM batch_file JOIN batch_item ON file_id = batch_file.id WHERE batch_file.id = ? AND content_hash = ?`,
    ).get(id, Buffer.from(hash, 'hex'));
    return row ?? null;
  }
}

const slotOf = (prefix: number): number => (prefix % SLOTS) * WORDS;
