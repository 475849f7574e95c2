import { randomInt } from 'node:crypto';
import type { Keying } from '../../shared/contract/index.ts';
import { CLASSES } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { cohenKappa } from '../../shared/statistics/agreement.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { sql, transact, type Db } from '../project/sqlite.ts';
import { signature } from './audit.ts';
import { orNone } from './labels.ts';
import { itemRefOf, parseRef } from './refs.ts';

/** Stands for a digit that is none, where labels are numbers. */
const NO_DIGIT = -1;
const LISTED = 500;

/** SQL: the sample of batch `?` beside what is decided now. A digit whose decision was taken back is out of it. */
const SAMPLE = `SELECT place, item_id AS id, second.label AS keyed, second.at, COALESCE(who, '') AS who, COALESCE(item.label, ${NO_DIGIT}) AS decided
  FROM second_keying AS second JOIN batch_item AS item ON item.id = item_id
  WHERE second.batch_id = ? AND decision IN ('accepted', 'relabelled', 'rejected')`;

interface Sampled {
  place: number;
  id: number;
  keyed: number | null;
  at: string | null;
  who: string;
  decided: number;
}

/**
 * Draws a sample of decided digits to be keyed again, in a random order; an older one of the batch goes. Throws `unknown-id`, and
 * `bad-request` where nothing is decided.
 */
export function startKeying(db: Db, batchId: number, size: number): Keying {
  ledgerRow(db, batchId);
  const ids = sql<number>(
    db,
    `SELECT id FROM batch_item INDEXED BY batch_item_decided
     WHERE batch_id = ? AND decision IN ('accepted', 'relabelled', 'rejected') AND decision IS NOT NULL`,
  )
    .pluck()
    .all(batchId);
  if (ids.length === 0) throw new StudioError('bad-request');
  // Fisher and Yates, as far as the sample goes.
  const chosen = Math.min(size, ids.length);
  for (let at = 0; at < chosen; at++) {
    const other = randomInt(at, ids.length);
    [ids[at], ids[other]] = [ids[other]!, ids[at]!];
  }
  transact(db, () => {
    sql(db, 'DELETE FROM second_keying WHERE batch_id = ?').run(batchId);
    const insert = sql(db, 'INSERT INTO second_keying (batch_id, place, item_id) VALUES (?, ?, ?)');
    ids.slice(0, chosen).forEach((id, place) => insert.run(batchId, place, id));
  });
  return keyingState(db, batchId);
}

/** How far the sample is keyed, and how often both agree. Throws `unknown-id`. */
export function keyingState(db: Db, batchId: number): Keying {
  ledgerRow(db, batchId);
  const rows = sql<Sampled>(db, `${SAMPLE} ORDER BY place`).all(batchId);
  const keyed = rows.filter((row) => row.keyed !== null);
  const differing = keyed.filter((row) => row.keyed !== row.decided);
  const next = rows.find((row) => row.keyed === null);
  const listed = differing.slice(0, LISTED);
  return {
    total: rows.length,
    keyed: keyed.length,
    agreed: keyed.length - differing.length,
    kappa: kappaOf(keyed),
    next: next === undefined ? null : { ref: itemRefOf(next.id), pixels: tiles(db, [next.id]) },
    disagreements: listed.map(({ id, decided, keyed: second, who }) => ({
      ref: itemRefOf(id),
      decided: orNone(decided),
      keyed: orNone(second!),
      who,
    })),
    pixels: tiles(
      db,
      listed.map(({ id }) => id),
    ),
  };
}

function kappaOf(keyed: readonly Sampled[]): number | null {
  const counts = Array.from({ length: CLASSES + 1 }, () => new Array<number>(CLASSES + 1).fill(0));
  const place = (label: number): number => (label === NO_DIGIT ? CLASSES : label);
  for (const row of keyed) counts[place(row.decided)]![place(row.keyed!)]!++;
  return cohenKappa(counts);
}

const tiles = (db: Db, ids: readonly number[]): Blob => {
  const tile = sql<{ pixels: Buffer }>(
    db,
    `SELECT COALESCE(batch_tile.pixels, digit_tile.pixels) AS pixels FROM batch_item AS item
     LEFT JOIN batch_tile ON batch_tile.item_id = item.id LEFT JOIN digit_tile ON digit_tile.digit_id = item.digit_id WHERE item.id = ?`,
  );
  return new Blob(ids.map((id) => Uint8Array.from(tile.get(id)!.pixels)));
};

/** Keys a digit of the sample; null for no digit. Throws `unknown-id` for one that is not in it. */
export function keyDigit(db: Db, batchId: number, ref: string, label: number | null): Keying {
  const { changes } = sql(
    db,
    'UPDATE second_keying SET label = ?, who = ?, at = ? WHERE batch_id = ? AND item_id = ?',
  ).run(label ?? NO_DIGIT, signature(db), new Date().toISOString(), batchId, parseRef(ref).id);
  if (changes === 0) throw new StudioError('unknown-id', { kind: 'digit', id: ref });
  return keyingState(db, batchId);
}

/** Takes the last key back; nothing happens without one. */
export function unkeyDigit(db: Db, batchId: number): Keying {
  sql(
    db,
    `UPDATE second_keying SET label = NULL, who = NULL, at = NULL
     WHERE batch_id = :batchId AND place = (SELECT MAX(place) FROM second_keying WHERE batch_id = :batchId AND label IS NOT NULL)`,
  ).run({ batchId });
  return keyingState(db, batchId);
}
