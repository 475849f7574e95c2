import type { links as english } from '../en/links.ts';

export const links: typeof english = {
  follow: '跟随链接',
  meaning: '链接指向的内容也一并读取，不论在哪里。',
  tag: '已跟随链接',
};
