import type { FitMessages } from '../explain.ts';

const LOSSES = { eq8: '式 8', eq9: '式 9' } as const;
const PARTS = {
  pooling: '最大池化',
  'batch-normalisation': '批归一化',
  dropout: '随机失活',
  rbf: '中心可训练的 RBF 层',
} as const;

export const fit: FitMessages = {
  'loss-wants-penalties': ({ loss, layer }) => ({
    what: `${LOSSES[loss]}要用 RBF 输出层的惩罚值，而“${layer}”层没有。`,
    next: '请改用交叉熵，或选用 1998 年发表的 LeNet-5。',
  }),
  'loss-wants-signs': ({ layer }) => ({
    what: `均方误差的目标值是 1 和 −1，“${layer}”层的输出达不到。`,
    next: '请换一种损失函数。',
  }),
  'no-curvature': ({ layer, part }) => ({
    what: `Levenberg-Marquardt 方法需要二阶导数，而${PARTS[part]}（“${layer}”）无法回传。`,
    next: {
      pooling: '请改用平均池化，或换一种优化方法。',
      dropout: '请把随机失活设为 0，或换一种优化方法。',
      'batch-normalisation': '请换一种优化方法。',
      rbf: '请换一种优化方法。',
    }[part],
  }),
  'wrong-shape': ({ layer, needed, found }) => ({
    what: `“${layer}”层需要 ${sides(needed)}，而前一层的图只有 ${sides(found)}。`,
    next: '请为它或它前面的卷积换一个种类。',
  }),
  'no-such-layer': ({ layer }) => ({
    what: `这个网络里没有名为“${layer}”的卷积层。`,
    next: '请填写网络中已有的卷积层。',
  }),
};

const sides = (shape: string): string => shape.replaceAll('x', '×');
