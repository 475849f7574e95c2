import type { decide as english } from '../en/decide.ts';

export const decide: typeof english = {
  audit: {
    export: '导出记录 CSV',
    exportTitle: '把谁在何时、因何改了什么存为 CSV',
    file: '改动记录',
    saved: (file) => `改动记录已存到 ${file}。`,
  },
  reviewer: {
    title: '复核',
    name: '您的姓名',
    hint: '记在每次改动旁。留空则用系统登录名。',
  },
};
