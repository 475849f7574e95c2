import type { results as english } from '../en/results.ts';

export const results: typeof english = {
  export: '导出…',
  exportAs: '导出为',
  formats: { csv: 'CSV 表格', jsonl: 'JSON Lines', parquet: 'Parquet' },
  exporting: (format) => `正在写入 ${format}…`,
};
