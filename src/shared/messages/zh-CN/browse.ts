import type { browse as english } from '../en/browse.ts';

export const browse: typeof english = {
  filters: '网格的筛选条件',
  soFar: (_count, shown) => `已找到 ${shown} 个数字`,
  find: '在路径中查找',
  findHint: '路径的一部分',
  reading: '识别模型',
  noReading: '不选模型',
  readingOf: (model, when) => `${model}，${when}`,
  predicted: '识别为',
  anyDigit: '任意数字',
  only: '正误',
  onlyOptions: { all: '不论正误', correct: '只看正确', misclassified: '只看错误' },
  confidence: '置信度',
  from: '最低置信度（百分数）',
  to: '最高置信度（百分数）',
  order: '顺序',
  orders: { import: '按导入顺序', label: '按标签', path: '按路径', confidence: '按置信度' },
  ascending: '升序，按下改为降序',
  descending: '降序，按下改为升序',

  chips: {
    text: (text) => `路径含“${text}”`,
    predicted: (digit) => `识别为 ${digit}`,
    only: { correct: '识别正确', misclassified: '识别错误' },
    confidence: (from, to) => `置信度 ${from} 至 ${to}`,
  },
  takeAway: (filter) => `${filter}：去掉这个条件`,
};
