import { decisions, type Decision, type EmbeddingReadings } from '../../shared/contract/index.ts';
import { breathe } from '../jobs/flow.ts';
import { sql, type Db } from '../project/sqlite.ts';
import type { StoredMap } from './store.ts';

const CHUNK = 2_000;

interface Row {
  at: number;
  label: number | null;
  predicted: number;
  confidence: number;
  decision: Decision | null;
  relabelled: 0 | 1;
  suspected: 0 | 1;
}

/** What is known of the digits of a map now, read a little at a time. */
export async function mapReadings(db: Db, { key, ids }: StoredMap): Promise<EmbeddingReadings> {
  const labels = new Int8Array(ids.length).fill(-1);
  const predicted = new Int8Array(ids.length).fill(-1);
  const confidence = new Float32Array(ids.length);
  const decided = new Int8Array(ids.length).fill(-1);
  const flags = new Uint8Array(ids.length);
  const page = sql<Row>(
    db,
    `SELECT wanted.key AS at, label, digit AS predicted, confidence, decision, label IS NOT given_label AS relabelled,
       suspicion IS NOT NULL AS suspected
     FROM json_each(?) AS wanted CROSS JOIN batch_item AS item ON item.id = wanted.value`,
  );
  for (let from = 0; from < ids.length; from += CHUNK) {
    for (const row of page.iterate(JSON.stringify([...ids.subarray(from, from + CHUNK)]))) {
      const at = from + row.at;
      labels[at] = row.label ?? -1;
      predicted[at] = row.predicted;
      confidence[at] = row.confidence;
      decided[at] = row.decision === null ? -1 : decisions.indexOf(row.decision);
      flags[at] = row.relabelled | (row.suspected << 1);
    }
    await breathe();
  }
  return {
    key,
    labels: new Blob([labels]),
    predicted: new Blob([predicted]),
    confidence: new Blob([confidence]),
    decisions: new Blob([decided]),
    flags: new Blob([flags]),
  };
}
