import type { native as english } from '../en/native.ts';

export const native: typeof english = {
  menu: {
    file: '文件',
    quit: '退出',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    view: '视图',
    resetZoom: '实际大小',
    zoomIn: '放大',
    zoomOut: '缩小',
    fullScreen: '全屏',
    developerTools: '开发者工具',
    window: '窗口',
    minimize: '最小化',
    close: '关闭',
  },
  dialogs: {
    readFolder: '选择存放数字图像的文件夹',
    projectFolder: '选择项目文件夹',
    saveFile: '另存为',
    csv: 'CSV 表格',
    pageGone: '此窗口的页面已停止。',
    pageGoneDetail: '引擎仍在继续工作，没有丢失任何内容。',
    openAgain: '重新打开页面',
    quit: '退出',
  },
};
