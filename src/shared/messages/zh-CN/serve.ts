import type { serve as english } from '../en/serve.ts';

export const serve: typeof english = {
  usage: '用法：studio serve [--port 端口] [--root 文件夹 ...]',
  link: (url) => `请在本机浏览器中打开 ${url}。此链接只能使用一次。`,
  stop: '按 Ctrl+C 停止。',
  badPort: (text) => `--port 需要 0 到 65535 之间的数字，而不是“${text}”。`,
  badRoot: (folder) => `--root ${folder}：无法读取此文件夹。`,
  portTaken: (port) => `端口 ${port} 已被占用。请用 --port 另选一个。`,
  notBuilt: (folder) => `页面尚未构建：缺少 ${folder}。请先运行一次 npm start。`,
  linkUsed: '此链接已经使用过。请重新启动 LeNet Studio 以获取新链接。',
  noSession: '请打开 LeNet Studio 启动时显示的链接。',
};
