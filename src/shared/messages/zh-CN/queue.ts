import type { queue as english } from '../en/queue.ts';

export const queue: typeof english = {
  pause: '暂停',
  goOn: '继续',
  add: '加入队列',
  again: '重新识别',
  place: (place) => `排队第 ${place} 位`,
  count: (count) => `${count} 个批次排队中`,
  waits: (place) => `排队第 ${place} 位，前面的工作结束后自动开始。`,
  held: '在队列中等待，但目前没有任务在运行，队列已停住。从这个批次开始后，后面的会自动接上。',
  begin: '立即开始',
  leave: '移出队列',
  noFiles: '轮到这个批次时，文件会显示在这里。',
  noDigits: '这个批次正在排队，轮到它时数字会显示在这里。',
};
