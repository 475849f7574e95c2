import { stopFilings } from '../filing/store.ts';
import { abandonImports } from '../datasets/store.ts';
import { sql, transact, type Db } from './sqlite.ts';

/** What a process that died left running. */
export function markInterrupted(db: Db): void {
  transact(db, () => {
    for (const table of ['run', 'batch'])
      sql(db, `UPDATE ${table} SET state = 'interrupted' WHERE state = 'running'`).run();
    stopFilings(db);
    abandonImports(db);
  });
}
