import type { original as english } from '../en/original.ts';

export const original: typeof english = {
  box: (size, left, top, whole) => `数字距左 ${left}、距上 ${top}，大小 ${size}，原图 ${whole} 像素`,
  noBox: '在现在的图片中没有找到墨迹。',
};
