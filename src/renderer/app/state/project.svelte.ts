import type { ProjectInfo } from '../../../shared/contract/index.ts';

/** The open project, null for none. */
export const project = $state<{ current: ProjectInfo | null }>({ current: null });
