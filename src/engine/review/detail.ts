import type { Decision, DigitDetail } from '../../shared/contract/index.ts';
import type { Split } from '../../shared/domain.ts';
import { RECORD } from '../datasets/records.ts';
import { digitName } from '../files/names.ts';
import { probabilitiesOf } from '../batches/reading.ts';
import { sql, type Db } from '../project/sqlite.ts';
import { findTarget, labelHistory } from './journal.ts';
import { parseRef, unknownRef } from './refs.ts';
import { tagsOf } from './tags.ts';

interface DetailRow {
  label: number | null;
  givenLabel: number | null;
  predicted: number | null;
  confidence: number | null;
  probabilities: Buffer | null;
  split: Split | null;
  decision: Decision | null;
  suspicion: number | null;
  path: Buffer;
  position: number | null;
  source: string;
  bytes: number | null;
  modifiedMs: number | null;
  pixels: Buffer;
}

const ofDigit = `digit.split, path, ${RECORD} AS position, COALESCE(CAST(data_file.root AS TEXT), data_set.source) AS source, size AS bytes,
  mtime_ns / 1000000 AS modifiedMs, pixels
  FROM digit JOIN data_file ON data_file.id = digit.file_id JOIN data_set ON data_set.id = digit.data_set_id
  JOIN digit_tile ON digit_tile.digit_id = digit.id`;
const ofItem =
  'item.label, item.given_label AS givenLabel, item.digit AS predicted, confidence, probabilities, decision, suspicion';

const queries = {
  digit: `SELECT label, given_label AS givenLabel, NULL AS predicted, NULL AS confidence, NULL AS probabilities, NULL AS decision, NULL AS suspicion, ${ofDigit}
    WHERE digit.id = :id`,
  item: `SELECT ${ofItem}, NULL AS split, path, NULL AS position, source, size AS bytes, mtime_ns / 1000000 AS modifiedMs, pixels
      FROM batch_item AS item JOIN batch_file ON batch_file.id = item.file_id JOIN batch ON batch.id = item.batch_id
      JOIN batch_tile ON item_id = item.id WHERE item.id = :id
    UNION ALL SELECT ${ofItem}, ${ofDigit} JOIN batch_item AS item ON item.digit_id = digit.id WHERE item.id = :id`,
};

/** All that is known about one digit. Throws `unknown-id`. */
export function digitDetail(db: Db, ref: string): DigitDetail {
  const { kind, id } = parseRef(ref);
  const row = sql<DetailRow>(db, queries[kind]).get({ id });
  if (!row) throw unknownRef(ref);
  const { path, position, modifiedMs, probabilities, pixels, suspicion, ...rest } = row;
  return {
    ref,
    ...rest,
    ...(suspicion !== null && { suspicion }),
    relabelled: row.label !== row.givenLabel,
    name: digitName(path, position),
    modifiedAt: modifiedMs === null ? null : new Date(modifiedMs).toISOString(),
    probabilities: probabilities && probabilitiesOf(probabilities),
    pixels: new Blob([Uint8Array.from(pixels)]),
    history: labelHistory(db, ref),
    tags: tagsOf(db, findTarget(db, ref).digitId),
  };
}
