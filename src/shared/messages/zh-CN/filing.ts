import type { filing as english } from '../en/filing.ts';

export const filing: typeof english = {
  menu: '分到类别文件夹…',
  title: (batch) => `把“${batch}”的文件分到类别文件夹`,
  action: '文件如何处理',
  actions: { copy: '复制', move: '移动' },
  notes: {
    copy: '原来的文件保持不动。',
    move: (source) => `文件会离开 ${source}。识别结果保留；撤销之后才能再看原图。`,
  },
  parts: '哪些文件',
  part: {
    digits: (files) => `数字，分到 0 至 9（${files}）`,
    rejected: (files) => `拒识，放入“rejected”（${files}）`,
    failed: (files) => `失败，放入“failed”（${files}）`,
  },
  digitsHint: '按读出的数字；复核时给过标签的按标签。',
  target: '类别文件夹放在',
  choose: '选择文件夹…',
  change: '更换…',
  notChosen: '尚未选择文件夹。',
  manifestHint: '不会覆盖任何文件：重名的会加上编号。类别文件夹旁边的清单记下每个文件的去处，可据此撤销。',
  start: {
    copy: (_, files) => `复制 ${files} 个文件`,
    move: (_, files) => `移动 ${files} 个文件…`,
  },
  confirmTitle: (_, files) => `移动 ${files} 个文件？`,
  confirmText: (source, target) => `它们会离开 ${source}，放进 ${target} 中的类别文件夹。可以撤销。`,
  confirm: (_, files) => `移动 ${files} 个文件`,

  label: '类别文件夹',
  planning: '正在查看文件…',
  progress: {
    copy: (done, total) => `已复制 ${done} / ${total} 个文件`,
    move: (done, total) => `已移动 ${done} / ${total} 个文件`,
    undo: (done, total) => `已撤回 ${done} / ${total} 个文件`,
  },
  done: {
    copy: (_, files, target) => `已将 ${files} 个文件复制到 ${target} 中的类别文件夹。`,
    move: (_, files, target) => `已将 ${files} 个文件移动到 ${target} 中的类别文件夹。`,
  },
  stopped: {
    copy: (target) => `复制到 ${target} 的工作中途停下了，没有丢失文件。`,
    move: (target) => `移动到 ${target} 的工作中途停下了，没有丢失文件。`,
  },
  leftOut: (files, reason) => `${files} 个留在原处：${reason}。`,
  goOn: '继续',
  undo: '撤销',
  undone: (batch) => `“${batch}”的文件已恢复原样。`,
};
