import type { watch as english } from '../en/watch.ts';

export const watch: typeof english = {
  menu: '监视此文件夹',
  label: '监视的文件夹',
  withNew: '之后继续监视新文件',
  on: '正在监视文件夹：新文件写完后 2 秒内识别。',
  later: '全部读完后开始监视新文件。',
  paused: '监视已暂停。期间到来的文件会在继续后识别。',
  trouble: (error) => `${error}恢复可读后会自动继续监视。`,
  changed: (_, files) => `${files} 个文件在读过之后有改动，可用“重新识别”再读。`,
  pause: '暂停',
  goOn: '继续',
  stop: '停止监视',
  tag: '监视中',
  tagPaused: '监视已暂停',
};
