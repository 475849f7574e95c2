import type { measures as english } from '../en/measures.ts';

export const measures: typeof english = {
  title: '数字',
  chart: '统计方式',
  charts: { class: '类别', ink: '墨量', side: '尺寸' },
  ink: (from, to) => `${from}–${to} %`,
  inkAbove: (from) => `${from} % 以上`,
  side: (from) => `${from} 像素`,
  sides: (from, to) => `${from}–${to} 像素`,
  showBar: (name, count) => `${name} 的数字：${count} 个`,
  bar: (name, train, test) => `${name}：训练 ${train}，测试 ${test}`,
  noSize: '这些数字来自 IDX 文件的记录，没有可量尺寸的图像。',
  unmeasured: (_count, shown) => `项目以只读方式打开，有 ${shown} 个数字没有测量。`,
  chips: { ink: (name) => `墨量 ${name}`, side: (name) => `尺寸 ${name}` },
};
