import type { PageRow } from '../review/page.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { orNone } from '../review/labels.ts';
import { changeKind, PENDING_CHANGES, VERSION_CHANGES, type DigitChange } from './pending.ts';

/** Digits that a version changed, or that are changed since the last one, in the order of import. */
export function changeRows(
  db: Db,
  { dataSetId, versionId }: { dataSetId: number; versionId?: number | undefined },
  offset: number,
  limit: number,
): { total: number; rows: PageRow[] } {
  const [changes, id] = versionId === undefined ? [PENDING_CHANGES, dataSetId] : [VERSION_CHANGES, versionId];
  const rows = sql<Omit<PageRow, 'change'> & DigitChange>(
    db,
    `SELECT changed.*, digit.id, digit.label, NULL AS predicted, NULL AS confidence, digit.label IS NOT digit.given_label AS relabelled,
       NULL AS decision, pixels
     FROM (${changes} ORDER BY digitId LIMIT ? OFFSET ?) AS changed CROSS JOIN digit ON digit.id = digitId
       CROSS JOIN digit_tile ON digit_tile.digit_id = digitId ORDER BY digitId`,
  ).all(id, limit, offset);
  return {
    total: single(db, `SELECT COUNT(*) FROM (${changes})`, id),
    rows: rows.map(
      ({ id, label, predicted, confidence, relabelled, decision, pixels, ...change }): PageRow => ({
        ...{ id, label, predicted, confidence, relabelled, decision, pixels },
        change: {
          kind: changeKind({ ...change, relabelled: change.fromLabel === change.toLabel ? 0 : 1 }),
          from: orNone(change.fromLabel),
          to: orNone(change.toLabel),
        },
      }),
    ),
  };
}
