import type { report as source } from '../en/report.ts';

export const report: typeof source = {
  title: (batch) => `“${batch}”的复核报告`,
  source: (from) => `数字来源：${from}`,
  model: (model) => `识别模型：${model}`,
  made: (when) => `${when} 由 LeNet Studio 生成`,
  figures: '数据',
  decided: '已确定的数字',
  changed: '其中有改动',
  perMinute: '每分钟数字',
  perDecision: '每次决定用时',
  seconds: (seconds) => `${seconds} 秒`,
  kinds: {
    relabelled: (count) => `更正的数字：${count}`,
    rejected: (count) => `判为不是数字：${count}`,
  },
  corrected: (read, label) => `${read} → ${label}`,
  readAs: (read) => `识别为 ${read}`,
  first: (shown, total) => `前 ${shown} 个，共 ${total} 个`,
  pace: '复核速度',
  formats: { html: '报告（HTML）', pdf: '报告（PDF）' },
  file: (batch) => `${batch} 复核`,
  saved: (file) => `报告已保存到 ${file}。`,
};
