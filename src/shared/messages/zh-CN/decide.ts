import type { decide as english } from '../en/decide.ts';

export const decide: typeof english = {
  doubt: '存疑',
  doubtLong: '放到队列末尾再看',
  reject: '不是数字',
  rejectLong: '判为不是数字：不计入任何指标',
  space: '空格',
  showQueue: '显示队列',
  filters: {
    queue: '队列',
    doubted: '存疑',
    accepted: '已接受',
    corrected: '已更正',
    rejected: '不是数字',
  },
  decided: { accepted: '已接受', relabelled: '已更正', doubted: '存疑', rejected: '不是数字' },
  queueEmpty: '队列已空：每个数字都已判定。',
  timeLeft: (duration) => `照此速度约需 ${duration}`,
  order: '按判定的先后',
  keys: {
    doubt: '存疑：放到队列末尾再看',
  },
  steps: {
    accept: (count, shown, digit) => (count === 1 ? `接受 ${digit ?? ''}`.trimEnd() : `接受 ${shown} 个数字`),
    doubt: (_count, shown) => `${shown} 个存疑`,
    reject: (_count, shown) => `${shown} 个不是数字`,
    sheet: (_count, shown) => `整页 ${shown} 个`,
  },

  why: {
    see: '显示',
    hide: '收起',
    title: '原因',
    show: '显示为什么这样识别',
    saliency: (digit) => `支持（橙）与反对（蓝）${digit} 的像素`,
    neighbours: (among) => `在 ${among} 个训练数字中，模型认为最相似的几个及其标签`,
    neighbour: (label, distance) => `标签为 ${label} 的训练数字，距离 ${distance}`,
    maps: '橙色大于 0，蓝色小于 0；各层以自身最大值为准',
    inside: '在“模型”中查看',
    insideLong: '在“模型”页逐层查看这个数字',
    leftOut: '“模型”页只显示使用中的数字，这个数字已被排除。',
    noTraining: '这个项目里没有训练该模型所用的数字。',
  },

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
