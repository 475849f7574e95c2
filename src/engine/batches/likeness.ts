import { likeness } from '../../shared/confidence/likeness.ts';
import type { BatchLikeness, MeasuredConfidence } from '../../shared/contract/confidence.ts';
import { inkOf } from '../models/confidence.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { isCurrent } from './temperature.ts';
import { confusion } from '../review/confusion.ts';

/** About as many digits of a batch are looked at, evenly spread over it. */
const SAMPLE = 2_000;

/**
 * How like the digits of a batch are to those that its model's confidences were measured on; null for a model that keeps nothing to compare
 * with, for a batch that was read before it was measured, and for one without a digit. Ink is compared where tiles are kept.
 */
export function batchLikeness(
  db: Db,
  batchId: number,
  reference: MeasuredConfidence['reference'],
): BatchLikeness | null {
  if (!reference || !isCurrent(db, batchId)) return null;
  const { labelled, unlabelled } = confusion(db, batchId);
  const rows = sql<{ confidence: number; pixels: Buffer | null }>(
    db,
    `SELECT confidence, COALESCE(batch_tile.pixels, digit_tile.pixels) AS pixels FROM batch_item AS item
       LEFT JOIN batch_tile ON item_id = item.id LEFT JOIN digit_tile ON digit_tile.digit_id = item.digit_id
     WHERE batch_id = ? AND item.id % ? = 0`,
  ).all(batchId, Math.max(1, Math.floor((labelled + unlabelled) / SAMPLE)));
  return digitsLikeness(
    reference,
    rows.map(({ confidence }) => confidence),
    rows.flatMap(({ pixels }) => (pixels === null ? [] : inkOf(pixels))),
  );
}

/** The same for confidences and ink in memory; no ink: it is not compared. */
export function digitsLikeness(
  reference: NonNullable<MeasuredConfidence['reference']>,
  confidences: readonly number[],
  ink: readonly number[],
): BatchLikeness | null {
  if (confidences.length === 0) return null;
  return {
    digits: confidences.length,
    confidence: likeness(reference.confidence, confidences),
    ink: ink.length === 0 ? null : likeness(reference.ink, ink),
  };
}
