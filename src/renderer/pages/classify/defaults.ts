import type { Batch, Model } from '../../../shared/contract/index.ts';
import { fileStatuses, type FileStatus } from '../../../shared/domain.ts';

/** The model to offer first: highest validation accuracy, then test accuracy, then the newest. */
export function bestModel(models: readonly Model[]): Model | null {
  const ranked = [...models].sort(
    (a, b) =>
      (b.validationAccuracy ?? -1) - (a.validationAccuracy ?? -1) ||
      (b.testAccuracy ?? -1) - (a.testAccuracy ?? -1) ||
      b.createdAt.localeCompare(a.createdAt),
  );
  return ranked[0] ?? null;
}

/** Whether nothing goes on in a batch, nor waits to. */
export const isAtRest = ({ state }: Batch): boolean => state !== 'running' && state !== 'queued';

/** Whether a batch can be classified again, as long as its model is there. */
export const mayRepeat = (batch: Batch): boolean => batch.kind === 'folder' && isAtRest(batch);

export interface StatusCount {
  /** Null for all. */
  status: FileStatus | null;
  count: number;
}

/** The filters over a batch's rows: all, then the statuses that occur. */
export function statusCounts(batch: Batch): StatusCount[] {
  const found = fileStatuses
    .map((status) => ({ status, count: batch[status] }))
    .filter(({ count }) => count > 0);
  return [{ status: null, count: batch.total }, ...found];
}
