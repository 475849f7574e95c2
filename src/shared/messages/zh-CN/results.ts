import type { results as english } from '../en/results.ts';

export const results: typeof english = {
  show: '图表',
  label: '这个批次的图表',
  digits: '读出的数字',
  confidence: '置信度',
  course: '按读取顺序看拒识与失败',
  folders: '文件夹（问题多的在前）',
  rejected: '拒识',
  failed: '失败',
  skipped: '跳过',
  below: (share) => `低于 ${share}`,
  band: (from, to) => `${from}–${to}`,
  showDigit: (digit, count) => `只看读作 ${digit} 的：${count} 个`,
  showBand: (band, count) => `只看置信度${band}：${count} 个`,
  part: (place, of, rejected, failed) => `第 ${place} 段，共 ${of} 段：拒识 ${rejected}，失败 ${failed}`,
  full: (share) => `满高为 ${share}`,
  top: '（直接位于该文件夹）',
  files: '个文件',
  moreFolders: (_count, shown) => `另有 ${shown} 个文件夹`,
  chips: {
    digit: (digit) => `读作 ${digit}`,
    band: (band) => `置信度${band}`,
    folder: (folder) => `位于 ${folder}`,
    part: '批次的一段',
  },
  takeAway: (filter) => `取消筛选“${filter}”`,
};
