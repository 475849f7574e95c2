import type { views as english } from '../en/views.ts';

export const views: typeof english = {
  title: '视图',
  manage: '保存或修改视图…',
  saveAs: '给网格当前的内容起个名称',
  save: '保存视图',
  replace: (name) => `替换“${name}”`,
  none: '还没有保存的视图。',
  keeps: '视图保存筛选条件、顺序和缩放，属于整个项目，与显示哪个数据集无关。',
  show: (name) => `显示视图“${name}”`,
  rename: (name) => `重命名“${name}”`,
  renamed: '新名称',
  keep: '重命名',
  remove: (name) => `删除“${name}”`,
  removed: (name) => `已删除视图“${name}”。`,
  restored: (name) => `视图“${name}”已恢复。`,
  removedAgain: (name) => `已再次删除视图“${name}”。`,
  undo: '撤销',
  removal: (name) => `删除视图 ${name}`,
  zoomIn: '放大数字',
  zoomOut: '缩小数字',
  zoom: (scale) => `${scale}×`,
};
