import type { Migration } from './index.ts';

/** Decision 36: what it found, the orders by doubt find nearly as fast, and it made every new digit dearer the more there were. */
export const fewerOrders: Migration = {
  version: 19,
  name: 'fewer orders',
  sql: `
DROP INDEX batch_item_cell;
`,
};
