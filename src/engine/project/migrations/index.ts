import { start } from './0001-start.ts';
import { removedModels } from './0002-removed-models.ts';
import { runList } from './0003-run-list.ts';
import { csvLabels } from './0004-csv-labels.ts';
import { batchQueue } from './0005-batch-queue.ts';
import { batchAgain } from './0006-batch-again.ts';
import { duplicates } from './0007-duplicates.ts';
import { audit } from './0008-audit.ts';
import { batchRejection } from './0009-batch-rejection.ts';
import { batchReuse } from './0010-batch-reuse.ts';
import { decisions } from './0011-decisions.ts';
import { versions } from './0012-versions.ts';
import { tags } from './0013-tags.ts';
import { filing } from './0014-filing.ts';
import { labelErrors } from './0015-label-errors.ts';
import { measures } from './0016-measures.ts';
import { watch } from './0017-watch.ts';
import { secondKeying } from './0018-second-keying.ts';
import { fewerOrders } from './0019-fewer-orders.ts';
import { reading } from './0020-reading.ts';

export interface Migration {
  /** The schema version it leads to; versions follow each other without a gap. */
  version: number;
  name: string;
  sql: string;
}

export const migrations: readonly Migration[] = [
  start,
  removedModels,
  runList,
  csvLabels,
  batchQueue,
  batchAgain,
  duplicates,
  audit,
  batchRejection,
  batchReuse,
  decisions,
  versions,
  tags,
  filing,
  labelErrors,
  measures,
  watch,
  secondKeying,
  fewerOrders,
  reading,
];
