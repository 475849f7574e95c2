import { exclusions, pairDecisions } from '../duplicates/replay.ts';
import { versionChanges } from '../versions/replay.ts';
import type { ChangeTable } from './change-table.ts';
import { itemDecisions } from './item-decisions.ts';
import { labels } from './labels.ts';
import { splits } from './splits.ts';
import { tags } from './tags.ts';

/** Everything that a step of the journal can change. */
export const changeTables: readonly ChangeTable[] = [
  labels,
  splits,
  tags,
  exclusions,
  pairDecisions,
  itemDecisions,
  versionChanges,
];
