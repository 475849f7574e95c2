import type { batchFiles as english } from '../en/batch-files.ts';

export const batchFiles: typeof english = {
  export: '导出',
  formats: { csv: 'CSV 表格…', jsonl: 'JSON Lines…', parquet: 'Parquet…' },
  exportAs: { csv: '导出 CSV…', jsonl: '导出 JSON Lines…', parquet: '导出 Parquet…' },
  exported: (_, shown, file) => `已将 ${shown} 行写入 ${file}。`,
  exporting: '导出进度',
  rowsOf: (done, total) => `已写出 ${done} / ${total} 行`,
  stopped: '导出已停止，没有写出文件。',
  reused: (files) => `其中 ${files} 个沿用已有结果`,
};
