import { exclusions, pairDecisions } from '../duplicates/replay.ts';
import { versionChanges } from '../versions/replay.ts';
import type { ChangeTable } from './change-table.ts';
import { itemDecisions } from './item-decisions.ts';
import { labels } from './labels.ts';

/** Everything that a step of the journal can change. */
export const changeTables: readonly ChangeTable[] = [
  labels,
  exclusions,
  pairDecisions,
  itemDecisions,
  versionChanges,
];
