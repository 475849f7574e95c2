import type { TrainingParameters } from '../../shared/domain.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** How a batch of kind `folds` reads its digits. */
export interface FoldSettings {
  folds: number;
  parameters: TrainingParameters;
  /** SHA-256 over the digits and labels that it began with, hex; null before that. */
  hash: string | null;
}

export function setFoldSettings(db: Db, batchId: number, settings: FoldSettings): void {
  sql(db, 'UPDATE batch SET folds = ? WHERE id = ?').run(JSON.stringify(settings), batchId);
}
