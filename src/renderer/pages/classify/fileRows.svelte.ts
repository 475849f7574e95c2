import type { FileRow } from '../../../shared/contract/index.ts';
import type { FileStatus } from '../../../shared/domain.ts';
import { PagedRows } from '../../components/rows/pagedRows.svelte.ts';

export interface RowFilter {
  batchId: number;
  status: FileStatus | null;
  text: string;
}

/** The files of a batch. */
export class FileRows extends PagedRows<RowFilter, FileRow> {}
