import type { FileRow, RowFilter as Only } from '../../../shared/contract/index.ts';
import type { FileStatus } from '../../../shared/domain.ts';
import { PagedRows } from '../../components/rows/pagedRows.svelte.ts';

export interface RowFilter {
  batchId: number;
  status: FileStatus | null;
  text: string;
  only: Only;
}

/** The files of a batch. */
export class FileRows extends PagedRows<RowFilter, FileRow> {}
