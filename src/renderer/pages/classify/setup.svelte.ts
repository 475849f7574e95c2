import type { RejectWish, RowFilter } from '../../../shared/contract/index.ts';
import type { GrantedPath } from '../../../shared/bridge.ts';
import type { FileStatus } from '../../../shared/domain.ts';
import { forgetWithProject } from '../../app/state/project.svelte.ts';

interface ClassifySetup {
  folder: GrantedPath | null;
  /** Null: the best model. */
  modelId: number | null;
  /** Null: nothing is rejected. */
  reject: RejectWish | null;
  /** What the threshold is being set for: a new batch, or one that is to be classified again. */
  tuning: 'new' | { batchId: number; reject: RejectWish | null } | null;
  /** New files are classified as they come. */
  watch: boolean;
  /** Links out of the folder are followed. */
  followLinks: boolean;
  /** Null: the suggested name. */
  name: string | null;
  /** Null: nothing chosen, so the set-up is shown. */
  batchId: number | null;
  status: FileStatus | null;
  search: string;
  /** Rows shown alone by the charts, of one batch. */
  only: { batchId: number; filter: RowFilter } | null;
  charts: boolean;
}

const nothing: ClassifySetup = {
  folder: null,
  modelId: null,
  reject: null,
  watch: false,
  followLinks: false,
  tuning: null,
  name: null,
  batchId: null,
  status: null,
  search: '',
  only: null,
  charts: false,
};

/** What was chosen on the Classify page; a look at another page loses none of it. */
export const classifySetup = $state({ ...nothing });

forgetWithProject(() => Object.assign(classifySetup, nothing));

/** Takes every filter of the rows away. */
export function showAll(): void {
  Object.assign(classifySetup, { status: null, search: '', only: null });
}
