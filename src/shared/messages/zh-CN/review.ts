import type { review as english } from '../en/review.ts';

export const review: typeof english = {
  batch: '批次',
  chooseBatch: '选择批次',
  testSet: '测试集',
  evaluate: '评估测试集…',
  evaluateTitle: '评估测试集',
  evaluateText: '用一个模型读取数据集中带标签的测试数字，以便查看它的错误。',
  evaluateSet: '测试集来自',
  evaluateModel: '使用模型',
  evaluateStart: (_count, shown) => `读取 ${shown} 个数字`,
  evaluateNoSet: '本项目没有带标签测试数字的数据集。',
  evaluating: (done, total) => `正在读取测试集：${done} / ${total}`,
  cancel: '取消',
  running: '这个批次还在读取，数字会随之增加。',

  matrix: {
    title: '混淆矩阵',
    note: '行：标签，列：读作。对角线不计入色阶。',
    modes: { counts: '计数', row: '行 %', column: '列 %', classes: '按类别' },
    mode: '单元格内容',
    caption: (labelled) => `${labelled} 个带标签数字的混淆矩阵。行是标签，列是模型的读法。`,
    label: '标签',
    readAs: '读作',
    all: '全部',
    showAll: '显示全部数字',
    showRow: (digit, count) => `标签为 ${digit} 的数字：${count} 个`,
    showColumn: (digit, count) => `读作 ${digit} 的数字：${count} 个`,
    cell: (label, predicted, _count, shown, share) =>
      label === predicted
        ? `${label} 读对：${shown} 个，占全部 ${label} 的 ${share}`
        : `${label} 读作 ${predicted}：${shown} 个，占全部 ${label} 的 ${share}`,
    noLabels: '这个批次还没有带标签的数字。标注后表格会逐渐填上。',
  },

  classes: {
    caption: '每个数字的识别情况',
    digit: '数字',
    precision: '精确率',
    recall: '召回率',
    f1: 'F1',
    support: '数量',
    mean: '平均',
    kappa: (value) => `Cohen κ ${value}`,
    explain:
      '精确率：识别为该数字的里面有多少是对的。召回率：该数字里面有多少被识别出来。平均值对各类一视同仁。',
  },

  saveMatrix: {
    menu: '保存',
    formats: { svg: '混淆矩阵矢量图（SVG）', png: '混淆矩阵图片（PNG）', csv: '混淆矩阵表格（CSV）' },
    file: (name) => `${name} 混淆矩阵`,
    saved: (file) => `混淆矩阵已保存到 ${file}。`,
  },

  figures: {
    label: '本批次的指标',
    accuracy: '准确率',
    labelled: '有标签',
    unlabelled: '无标签',
    misclassified: '读错',
  },

  filters: {
    label: '显示哪些数字',
    all: '全部',
    correct: '读对',
    misclassified: '读错',
    relabelled: '改过标签',
    unlabelled: '无标签',
    cell: (label, predicted) => (label === predicted ? `${label} 读对` : `${label} 读作 ${predicted}`),
    labelIs: (label) => `标签 ${label}`,
    predictedIs: (predicted) => `读作 ${predicted}`,
    remove: (filter) => `去掉筛选“${filter}”`,
    count: (_count, shown) => `${shown} 个数字`,
    left: (_count, shown) => `还剩 ${shown} 个`,
    order: '最没把握的在前',
    orderSure: '最有把握的在前',
    turn: '反转顺序',
  },

  tile: {
    read: (label, predicted) => `${label}→${predicted}`,
    none: '?',
  },

  grid: {
    label: '数字',
    none: '没有符合条件的数字。',
    noneMisclassified: '带标签的数字全部读对了。',
    noneUnlabelled: '队列已空：每个数字都有标签。',
    showAll: '显示全部数字',
    showMistakes: (count) => `显示 ${count} 个读错的`,
  },

  panel: {
    label: '选中的数字',
    nothing: '选中一个数字，看看模型是怎么读的。',
    position: (index, total) => `第 ${index} / ${total} 个`,
    previous: '上一个',
    next: '下一个',
    zoom: '放大',
    topFive: '模型的前五名',
    notRead: '没有模型读过这个数字。',
    itIsA: '它是',
    relabelAs: (digit) => `标为 ${digit}`,
    current: '现标签',
    predicted: '读作',
    accept: (digit) => `接受 ${digit}`,
    clear: '无标签',
    clearLong: '去掉标签',
    label2: (label) => `标签 ${label}`,
    given: (label) => `原标签 ${label}`,
    unlabelled: '无标签',
    relabelled: '改过标签',
    file: '文件',
    source: '来源',
    changed: (time) => `修改于 ${time}`,
    original: '原图',
    originalAlt: (name) => `原图 ${name}`,
    noOriginal: '没有原图：这个数字本来就是 28×28 的图块。',
    history: '标签历史',
    noHistory: '没有人改过它的标签。',
    from: (from, to) => `${from} → ${to}`,
    noLabel: '无',
  },

  keys: {
    relabel: '标为 0 到 9，并转到下一个',
    accept: '接受读出的数字作为标签，并转到下一个',
    move: '上一个、下一个数字',
    zoom: '放大图像 开/关',
    clear: '去掉标签',
    escape: '去掉筛选',
  },

  empty: {
    title: '还没有可复核的内容',
    text: '先识别一个文件夹，或用模型读取测试集，然后在这里查看错误。',
    classify: '识别一个文件夹',
    train: '先训练模型',
  },
};
