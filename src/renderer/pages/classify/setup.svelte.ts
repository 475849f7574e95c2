import type { GrantedPath } from '../../../shared/bridge.ts';
import type { FileStatus } from '../../../shared/domain.ts';

/** What was chosen on the Classify page; a look at another page loses none of it. */
export const classifySetup = $state<{
  folder: GrantedPath | null;
  /** Null: the best model. */
  modelId: number | null;
  /** Null: the suggested name. */
  name: string | null;
  /** Null: nothing chosen, so the set-up is shown. */
  batchId: number | null;
  status: FileStatus | null;
  search: string;
}>({ folder: null, modelId: null, name: null, batchId: null, status: null, search: '' });
