import type { measure as english } from '../en/measure.ts';

export const measure: typeof english = {
  action: '测量置信度…',
  again: '重新测量…',
  title: (model) => `测量“${model}”的置信度`,
  about:
    '用这个模型读取带标签的数字：拟合一个温度，使置信度与实际相符，并统计错误—拒识曲线，错误率上限以它为依据。',
  replaces: '原来的测量结果会被替换。已读的批次保持不变，未读完的批次仍按原来的温度继续。',
  set: '数据集',
  split: '数字',
  splits: {
    validation: '验证：训练数字的一部分',
    train: '全部训练数字',
    test: '测试数字',
  },
  meaning: {
    validation: '即在此数据集上训练时按种子留出的那部分训练数字；模型若在这里训练，就用它自己的设置。',
    train: '模型对训练过的数字更有把握，也读得更准：如果它是用这些数字训练的，其他数字的错误会比实测的多。',
    test: '按测试数字选定的阈值会美化在这些数字上的一切指标：这样之后，该测试集不再能说明模型的好坏。',
  },
  seen: {
    unknown: '不清楚模型是否用这些数字训练过；如果是，其他数字的错误会更多。',
    yes: '模型是用这些数字训练的，其他数字的错误会更多。',
  },
  start: '测量',
  tooFew: (needed) => `至少需要 ${needed} 个带标签的数字。`,
  noSets: '没有可用于测量的带标签数字，请先导入带标签的数据集。',
  progress: (percent) => `正在测量，${percent}`,
  cancel: '取消',
  digitsOf: {
    validation: (data) => `${data} 的验证数字`,
    train: (data) => `${data} 的训练数字`,
    test: (data) => `${data} 的测试数字`,
  },
};
