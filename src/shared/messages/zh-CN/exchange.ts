import type { Messages } from '../index.ts';

export const exchange: Messages['exchange'] = {
  exportAs: '导出为',
  formats: {
    onnx: 'ONNX',
    tfjs: 'TensorFlow.js',
    'card-markdown': '卡片（Markdown）',
    'card-json': '卡片（JSON）',
  },
  exporting: (format) => `正在写出 ${format}…`,
  exported: (format, file) => `${format} 已写入 ${file}`,

  open: '导入模型…',
  title: '导入模型',
  about:
    '可选 TensorFlow.js 的文件夹（model.json 及其权重），或本软件的模型文件夹。层模型须各层依次相连，输入为 28×28 或 32×32 的数字。',
  folder: '文件夹',
  choose: '选择文件夹…',
  change: '更改…',
  name: '名称',
  nameMissing: '请给模型起个名字。',
  scale: '数值缩放',
  scaleHint:
    '训练时字节如何变成数值：(字节 / 255 − 均值) / 偏差。仅在层模型自身没有注明时使用。通常为 0 和 1，即数值从 0 到 1。',
  mean: '均值',
  deviation: '偏差',
  meanWrong: '请输入 −10 到 10 之间的数。',
  deviationWrong: '请输入 0.0001 到 1000 之间的数。',
  start: '导入',
  importing: '正在导入…',
  done: (name, parameters) => `“${name}”已可用于识别，共 ${parameters} 个参数。`,
  doneScale: (mean, deviation, source) => `数值缩放 (字节 / 255 − ${mean}) / ${deviation}，${source}。`,
  unmeasured: '使用前请先用带标签的数字测一测它的准确率。',
  another: '再导入一个',
};
