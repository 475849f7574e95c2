import type { confidence as english } from '../en/confidence.ts';

export const confidence: typeof english = {
  reject: '拒识',
  nothing: '不拒识，所有数字都算完成。',
  set: '设定阈值…',
  change: '更改…',
  below: (threshold) => `置信度低于 ${threshold}`,
  expected: (error, rejected) => `错误 ${error}，拒识 ${rejected}`,
  title: '拒识哪些数字',
  close: '关闭',
  toggle: '设定阈值',
  againTitle: (batch) => `重新识别“${batch}”`,
  rejectNothing: '不拒识',

  slider: '错误—拒识曲线上的阈值',
  hint: '在图中拖动，或在图中按方向键，也可以直接输入上限。',
  axisX: (rejected) => `拒识 ${rejected}`,
  xName: '拒识率 →',
  yName: '↑ 接受部分的错误率',
  measured: '实测',
  bound: '95% 上限',
  chosen: '所选',
  at: (threshold, error, rejected) => `阈值 ${threshold}：接受部分错误 ${error}，拒识 ${rejected}`,
  curveSummary: (points, from, to, rejected) =>
    `错误—拒识曲线，共 ${points} 点：不拒识时错误 ${from}，拒识 ${rejected} 时降到 ${to}。`,

  fields: {
    maxError: '错误率上限',
    maxRejected: '拒识率上限',
    threshold: '阈值',
  },
  fieldInvalid: { percent: '请输入 0 到 100 之间的数。', share: '请输入 0 到 1 之间的数。' },

  promise: {
    title: '依据',
    counted: (digits, data, rejected, accepted, errors) =>
      `在 ${data} 的 ${digits} 个验证数字（未用于训练）上实测：拒识 ${rejected} 个，接受 ${accepted} 个，其中读错 ${errors} 个。`,
    lower: '此阈值位于曲线的两点之间，以上按较低一点的阈值计。',
    bound: (bound) => `据此，接受部分的错误率有 95% 的把握不超过 ${bound}。`,
    few: (_errors, shown) => `只有 ${shown} 个错误，实测的错误率受偶然影响很大，请以上限为准。`,
    limits:
      '只对类似的数字成立：换了书写者、扫描仪或切分方式，错误可能更多。另外，阈值正是按这些数字选的，结果会略偏乐观。',
    none: '这个模型的置信度从未实测：可以设阈值，但没有任何保证。',
    perfect: '验证数字全部读对，没有可以靠阈值去掉的错误。',
  },

  outcome: {
    label: '本批次的阈值',
    threshold: '低于此值即拒识',
    error: '接受部分的错误',
    rejected: '拒识',
    promised: (share) => `实测 ${share}`,
    promisedBound: (share, bound) => `实测 ${share}，上限 ${bound}`,
    nothingPromised: '没有保证',
    noLabels: '还没有标签',
    of: (count) => `按 ${count} 个带标签的计`,
    ofRead: (count) => `按 ${count} 个数字计`,
    above: '▲ 超过上限',
    kept: '✓ 未超上限',
    nothing: '没有拒识，所有数字都算完成。',
    wish: {
      maxError: (share) => `按错误率不超过 ${share}`,
      maxRejected: (share) => `按拒识率不超过 ${share}`,
      threshold: '直接设定',
    },
  },
  rejectedBelow: (count, threshold) => `低于 ${threshold} 拒识 ${count} 个`,
};
