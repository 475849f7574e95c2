import type { recipe as english } from '../en/recipe.ts';

export const recipe: typeof english = {
  architectures: {
    lenet5: { name: 'LeNet-5（教科书版）', about: '池化层没有参数，线性输出，再做 softmax。' },
    'lenet5-published': {
      name: 'LeNet-5（1998 年）',
      about: '按 LeCun 等人发表的原样：连接表、可训练的下采样、RBF 编码。',
    },
    lenet4: { name: 'LeNet-4', about: '约为 LeNet-5 的四分之一；论文未给出连接方式，此处为我们的复原。' },
    lenet1: { name: 'LeNet-1', about: '1990 年的小网络，直接读 28×28 像素。' },
    'note-as-written': {
      name: '学习笔记（原样）',
      about: '按笔记原文：各层用 sigmoid，输出为高斯 RBF。',
    },
    'note-mended': {
      name: '学习笔记（修正）',
      about: '层不变；得分取对数，初始权重更大。',
    },
    compact: {
      name: '紧凑网络（现代）',
      about: '六个 3×3 卷积加批归一化，参数不多于 LeNet-5。',
    },
  },
  losses: {
    'cross-entropy': '交叉熵',
    eq8: '式 8（1998）',
    eq9: '式 9（1998）',
    mse: '均方误差',
  },
  optimisers: { momentum: 'SGD', adam: 'Adam', sdlm: 'SDLM（1998）' },
  optimiserHints: {
    momentum: '',
    adam: '',
    sdlm: '随机对角 Levenberg-Marquardt：每次更新只看一个数字。',
  },
  schedules: {
    constant: '不变',
    cosine: '余弦',
    'one-cycle': '单周期',
    'lecun-1998': '1998 年分段',
  },
  kinds: {
    standard: '标准',
    separable: '深度可分离',
    transpose: '转置',
    dilated: '空洞',
  },
  kindHints: {
    standard: '每个滤波器看它的全部输入图。',
    separable: '深度可分离：每张图一个滤波器，再用 1×1 合并。',
    transpose: '转置：把图放大。',
    dilated: '空洞：取样点相隔两个像素。',
  },
  value: (number, unit) =>
    unit === '%' || unit === '°' ? `${number}${unit}` : unit === '' ? number : `${number} ${unit}`,
  difference: (field, value) => `${field} ${value}`,

  groups: {
    network: '网络',
    optimiser: '优化与学习率',
    distortions: '变形',
    run: '本次训练',
  },
  asRecipe: '默认',
  noDistortion: '无',
  check: (fields) => `请检查：${fields}`,

  network: {
    caption: '从输入到输出的各层',
    layer: '层',
    output: '输出',
    parameters: '参数量',
    parametersShort: '参数',
    multiplyAdds: '每个数字的乘加次数',
    multiplyAddsShort: '乘加',
    receptiveField: '感受野（像素）',
    receptiveFieldShort: '感受野',
    total: '合计',
    kindOf: (layer) => `${layer} 的卷积种类`,
    doesNotFit: '尺寸不合',
    unknown: '–',
    ownKinds: '原设计',
    summary: (parameters) => `${parameters} 个参数`,
  },
  layers: {
    pooling: { average: '平均池化', max: '最大池化' },
    subsampling: '下采样',
    'global-average': '每图取平均',
    'batch-normalisation': '批归一化',
    dropout: (share) => `失活 ${share}`,
    dense: '全连接',
    rbf: { penalty: 'RBF，−d²', logarithm: 'RBF，−d² / 2σ²', gaussian: 'RBF，exp(−d² / 2σ²)' },
  },
  layerActivations: {
    tanh: 'tanh',
    sigmoid: 'sigmoid',
    relu: 'ReLU',
    'scaled-tanh': '缩放 tanh',
    linear: '',
  },

  note: {
    title: '照原样写无法学习。',
    why: '中心取自 N(0, 1)，在 84 维里距离的平方约为 105，每个输出约为 1e-23：十个输出全都相等，梯度消失，损失停在 ln 10 = 2.3026。即使不消失，以 (0, 1] 之间的输出作得分，损失也降不到 1.461 以下。',
    mend: '改用修正版',
  },

  preview: {
    title: '训练时看到的样子',
    label: (digits, variants) => `第一行是 ${digits} 个训练数字，下面 ${variants} 行是它们随机变形后的样子`,
    other: '换一批',
  },
};
