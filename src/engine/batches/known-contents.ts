import { baseName } from '../files/names.ts';
import { lowerBound, prefixOf } from '../images/known.ts';
import { extensionOf } from '../images/sniff.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { EARLIER, EARLIER_DIGIT, findingOf, type EarlierFinding, type EarlierRow } from './again.ts';

/** Rows at a time. */
const CHUNK = 4_000;

/**
 * What other batches with the same model, temperature and recipe found, by content. Made once when a batch begins, in pieces between other calls: an index over hashes would make every
 * batch pay, this costs 8 bytes a file. A rejected file is not among them, as its row says why it was rejected and no more what is to know of it.
 */
export class KnownContents {
  readonly #db: Db;
  /** Pairs of a row's id and its content's prefix, ascending by prefix, then id. */
  readonly #pairs: Uint32Array;
  /** Ascending, each once. */
  readonly prefixes: Uint32Array;

  private constructor(db: Db, pairs: Uint32Array) {
    this.#db = db;
    this.#pairs = pairs;
    this.prefixes = pairs.filter((word, at) => at % 2 === 1 && word !== pairs[at - 2]);
  }

  /** Null when nothing is known. Throws `cancelled`. */
  static async of(db: Db, batchId: number, signal?: AbortSignal): Promise<KnownContents | null> {
    const batches = lenders(db, batchId);
    const statement = sql<{ id: number; prefix: Buffer }>(
      db,
      `SELECT id, substr(content_hash, 1, 4) AS prefix FROM batch_file
       WHERE batch_id = ? AND status = 'done' AND id > ? ORDER BY id LIMIT ${CHUNK}`,
    );
    let pairs = new Uint32Array(2 * batches.reduce((sum, { done }) => sum + done, 0));
    let used = 0;
    for (const { id: lender } of batches)
      for (let last = 0; ;) {
        checkCancelled(signal);
        const rows = statement.all(lender, last);
        if (rows.length === 0) break;
        last = rows.at(-1)!.id;
        // It may have gone on meanwhile.
        if (used + 2 * rows.length > pairs.length) pairs = longer(pairs, used + 2 * rows.length);
        for (const { id, prefix } of rows) {
          pairs[used++] = id;
          pairs[used++] = prefix.readUInt32BE();
        }
        await breathe();
      }
    if (used === 0) return null;
    // As little-endian numbers of 64 bits, which every system here has, the prefix counts before the id.
    new BigUint64Array(pairs.buffer, 0, used / 2).sort();
    return new KnownContents(db, pairs.subarray(0, used));
  }

  /** What the newest file of that content (SHA-256, hex) gave; null when none is of the extension that this path has, which may decide how it is read. */
  find(digest: string, path: Buffer): EarlierFinding | null {
    const statement = sql<EarlierRow & { path: Buffer }>(
      this.#db,
      `SELECT old.path, ${EARLIER} FROM batch_file AS old ${EARLIER_DIGIT}
       WHERE old.id = ? AND content_hash = ? AND old.status = 'done'`,
    );
    const prefix = prefixOf(digest);
    const hash = Buffer.from(digest, 'hex');
    for (let at = lowerBound(this.#pairs, prefix + 1, WORDS) - 1; this.#pairs[2 * at + 1] === prefix; at--) {
      const row = statement.get(this.#pairs[2 * at], hash);
      const finding = row && extension(row.path) === extension(path) ? findingOf(row) : null;
      if (finding) return finding;
    }
    return null;
  }
}

const WORDS = { first: 1, step: 2 };

const extension = (path: Buffer): string => extensionOf(baseName(path).toString());

const longer = (words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> => {
  const more = new Uint32Array(2 * length);
  more.set(words);
  return more;
};

const lenders = (db: Db, batchId: number): { id: number; done: number }[] =>
  sql<{ id: number; done: number }>(
    db,
    `SELECT other.id, other.done FROM batch AS own JOIN batch AS other ON other.model_id = own.model_id AND other.recipe = own.recipe
         AND other.temperature IS own.temperature
     WHERE own.id = ? AND other.id <> own.id AND other.kind = 'folder' AND other.state <> 'removed'`,
  ).all(batchId);
