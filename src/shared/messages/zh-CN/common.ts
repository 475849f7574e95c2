import type { common as english } from '../en/common.ts';

export const common: typeof english = {
  appName: 'LeNet Studio',
  cancel: '取消',
  close: '关闭',
  retry: '重试',
  loading: '正在载入…',
  stop: '停止',
  remove: '移除',
  more: '更多',
  resizePane: '窗格宽度',
  resizePaneHint: '拖动可调整宽度；双击或按 Enter 恢复原来的宽度',
  kept: '已保留：',
  next: '接下来：',
  engineGone: '引擎没有回应。',
  timeLeft: (time) => `还剩 ${time}`,
  digits: (_count, shown) => `${shown} 个数字`,
  files: (_count, shown) => `${shown} 个文件`,
  progress: (percent, left) => (left === '' ? percent : `${percent}，还剩 ${left}`),
  digitName: (label, predicted, confidence) => {
    const parts = [label === null ? '未标注的数字' : `数字 ${label}`];
    if (predicted !== null) parts.push(`读作 ${predicted}`);
    if (confidence !== null) parts.push(confidence);
    return parts.join('，');
  },
  digitLoading: '正在载入',
  folders: {
    started: '启动时指定的文件夹：',
    none: '启动时没有指定文件夹',
    noneText: '请用 --root 加文件夹重新启动，再在这里选择。',
  },
  grid: '数字',
};
