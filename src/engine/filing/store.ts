import path from 'node:path';
import type { Filing, FilingAction, FilingPart } from '../../shared/contract/filing.ts';
import { StudioError } from '../../shared/errors.ts';
import { errorText, storedError } from '../project/runs.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { CarriedOut } from './carry-out.ts';

export interface NewFiling {
  batchId: number;
  action: FilingAction;
  parts: readonly FilingPart[];
  /** Nothing is there yet. */
  manifest: string;
}

export interface FilingRow extends Omit<Filing, 'target' | 'error' | 'total' | 'reasons'> {
  /** JSON. */
  parts: string;
  reasons: string;
  error: string | null;
  /** Null: its manifest is not written yet. */
  total: number | null;
}

const SELECT = `SELECT id, batch_id AS batchId, action, parts, manifest, state, total, filed, reasons, error, started_at AS startedAt FROM filing`;

export const addFiling = (db: Db, { batchId, action, parts, manifest }: NewFiling): number =>
  Number(
    sql(
      db,
      `INSERT INTO filing (batch_id, action, parts, manifest, state, started_at) VALUES (?, ?, ?, ?, 'running', ?)`,
    ).run(batchId, action, JSON.stringify(parts), manifest, new Date().toISOString()).lastInsertRowid,
  );

/** Throws `unknown-id`. */
export function filingRow(db: Db, id: number): FilingRow {
  const row = sql<FilingRow>(db, `${SELECT} WHERE id = ?`).get(id);
  if (!row) throw new StudioError('unknown-id', { kind: 'filing', id });
  return row;
}

const toFiling = ({ parts: _, total, reasons, error, ...row }: FilingRow): Filing => ({
  ...row,
  reasons: JSON.parse(reasons) as Filing['reasons'],
  target: path.dirname(row.manifest),
  total: total ?? 0,
  error: storedError(error),
});

/** Of a batch, newest first. */
export const listFilings = (db: Db, batchId: number): Filing[] =>
  sql<FilingRow>(db, `${SELECT} WHERE batch_id = ? ORDER BY id DESC`).all(batchId).map(toFiling);

/** Throws `unknown-id`. */
export const getFiling = (db: Db, id: number): Filing => toFiling(filingRow(db, id));

export function setFilingState(
  db: Db,
  id: number,
  state: Filing['state'],
  error: StudioError | null = null,
): void {
  sql(db, 'UPDATE filing SET state = ?, error = ? WHERE id = ?').run(state, errorText(error), id);
}

/** Its manifest is written. */
export function setPlanned(db: Db, id: number, total: number): void {
  sql(db, 'UPDATE filing SET total = ? WHERE id = ?').run(total, id);
}

export function setCarriedOut(
  db: Db,
  id: number,
  state: 'done' | 'undone',
  { filed, reasons }: CarriedOut,
): void {
  sql(db, 'UPDATE filing SET state = ?, filed = ?, reasons = ?, error = NULL WHERE id = ?').run(
    state,
    filed,
    JSON.stringify(reasons),
    id,
  );
}

/** What a process that died was at. */
export function stopFilings(db: Db): void {
  sql(db, `UPDATE filing SET state = 'stopped' WHERE state IN ('running', 'undoing')`).run();
}
