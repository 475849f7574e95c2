import type { suspects as english } from '../en/suspects.ts';

export const suspects: typeof english = {
  find: '查找标签错误…',
  short: '标签错误',
  findIn: (name) => `在${name}中查找标签错误`,
  noModel: '请先训练一个模型：查找时会照它再训练几个',
  text: (folds) =>
    `照此模型训练 ${folds} 个新模型，每个只用一部分训练数字，再读其余的。模型确信另有其值的标签会列出来，最可疑的在前。不会改动任何数据。`,
  set: '训练数字来自',
  model: '参照模型',
  start: (_count, shown) => `查看 ${shown} 个数字`,
  kind: '标签错误',
  named: (name) => `标签错误：${name}`,

  progress: (percent) => `正在查找标签错误：${percent}`,
  paused: (percent) => `已暂停，完成 ${percent}`,
  pause: '暂停',
  goOn: '继续',
  stopped: {
    cancelled: '查找已停止。已读的数字保留；可疑标签在查找结束时排序。',
    interrupted: '查找中断了。已读的数字保留；可疑标签在查找结束时排序。',
    failed: '查找失败。',
  },
  notYet: '正在训练第一个模型。它读完的数字会立即显示在这里。',

  filter: '可疑标签',
  order: '最可疑的在前',
  none: '没有可疑标签了。',
  suggestion: (given, suggested) => `可疑：现为 ${given}，建议 ${suggested}`,
  suspicion: (value) => `可疑度 ${value}`,
  suspicionLong: '在没见过此数字的模型看来，现有标签有多不可能：1 减去其概率',
};
