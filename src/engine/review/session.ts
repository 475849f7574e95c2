import type { SessionFigures } from '../../shared/contract/index.ts';
import { ledgerRow } from '../batches/ledger.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { decisionCounts } from './decide.ts';

/** A longer gap between two decisions was a break. */
const BREAK_SECONDS = 120;

/**
 * How the decisions about a batch went: their pace, breaks left out, and how much of what was read they changed. Undone decisions count for the
 * time that they took. Throws `unknown-id`.
 */
export function sessionFigures(db: Db, batchId: number): SessionFigures {
  ledgerRow(db, batchId);
  const steps = sql<{ at: string; digits: number }>(
    db,
    `SELECT event.at, COUNT(*) AS digits FROM item_change JOIN batch_item ON batch_item.id = item_id
       JOIN journal_event AS event ON event.entry_id = item_change.entry_id AND action = 'apply'
     WHERE batch_id = ? GROUP BY event.id ORDER BY event.id`,
  ).all(batchId);
  const times = steps.map(({ at }) => Date.parse(at) / 1000);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const worked = gaps.map((gap) => gap <= BREAK_SECONDS);
  const seconds = gaps.reduce((sum, gap, index) => (worked[index] ? sum + gap : sum), 0);
  // What a step after a break took is not known.
  const timed = steps.slice(1).filter((_, index) => worked[index]);
  const digits = timed.reduce((sum, step) => sum + step.digits, 0);
  const sorted = gaps.filter((_, index) => worked[index]).sort((a, b) => a - b);
  const counts = decisionCounts(db, batchId);
  const sum = (of: 'accepted' | 'relabelled' | 'rejected'): number =>
    counts[of].reduce((total, count) => total + count, 0);
  const changed = sum('relabelled') + sum('rejected');
  const decided = sum('accepted') + changed;
  return {
    decided,
    changed: decided === 0 ? null : changed / decided,
    seconds,
    perMinute: seconds === 0 ? null : (60 * digits) / seconds,
    secondsPerDecision: sorted.length === 0 ? null : sorted[sorted.length >> 1]!,
  };
}
