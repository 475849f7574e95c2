import type { ReasonMessages } from '../explain.ts';

/** What the first bytes may look like. */
const kinds: Partial<Record<string, string>> = {
  empty: '空文件',
  text: '文本',
  pdf: ' PDF 文档',
  postscript: ' PostScript 文档',
  zip: ' ZIP 压缩包',
  gzip: ' gzip 压缩包',
  '7z': ' 7z 压缩包',
  rar: ' RAR 压缩包',
  sqlite: ' SQLite 数据库',
  program: '程序',
  media: '音频或视频',
  video: '视频',
};

export const reasons: ReasonMessages = {
  'not-an-image': ({ found }) => {
    const kind = kinds[String(found)];
    return kind === undefined ? '从文件开头看不是图像' : `不是图像：文件开头像是${kind}`;
  },
  hidden: () => '隐藏文件或文件夹',
  'system-file': () => '操作系统的文件',
  'symbolic-link': () => '符号链接',
  'not-a-regular-file': () => '不是普通文件',
  'not-idx': () => '不属于这组 IDX 文件',
  'packed-copy': () => '旁边已有同一文件的未压缩版本',
  'labels-without-images': () => '有标签文件，没有对应的图像文件',
  'label-out-of-range': ({ label }) => `标签 ${label} 不在 0 到 9 之内`,
  'split-unknown': ({ split }) => `划分“${split}”既不是训练也不是测试`,
  'no-row': () => 'CSV 中没有这个文件的行',
  'row-without-file': () => 'CSV 列出了它，但文件不存在',
  'row-twice': () => 'CSV 中有两行相同，只算一行',
  'rows-disagree': () => 'CSV 中有两行互相矛盾',
  'gone-since': () => '文件夹中已没有此文件',
  'empty-file': () => '文件为空',
  truncated: () => '图像不完整，提前结束',
  'bad-checksum': ({ chunk }) => `数据块 ${chunk} 校验和错误`,
  'cannot-decode': ({ detail }) => `无法解码：${detail}`,
  'too-large': ({ width, height, limit }) => `${width}×${height} 像素，超过 ${limit} 百万像素`,
  'file-too-large': ({ bytes, limit }) => `${bytes} 字节，超过 ${limit}`,
  'unsupported-format': ({ format }) => `不支持的格式 ${format}`,
  blank: () => '没有找到笔迹',
  'permission-denied': () => '没有读取文件的权限',
  'folder-permission-denied': () => '没有读取文件夹的权限',
  'folder-unreadable': ({ detail }) => `无法读取文件夹：${detail}`,
  vanished: () => '轮到它时文件已不在',
  'changed-while-reading': () => '读取过程中文件发生了变化',
  'read-timeout': ({ seconds }) => `读取超过 ${seconds} 秒`,
  'read-error': ({ detail }) => `无法读取：${detail}`,
  'decoder-crashed': ({ end }) => `解码时程序崩溃（${end}）`,
  'no-digit': () => '模型的废类认为不是数字',
  'below-threshold': ({ threshold }) => `置信度低于 ${Number(threshold).toPrecision(6)}`,
  'first-of-frames': ({ count }) => `文件含 ${count} 幅图像，取第一幅`,
  'changed-since': () => '上次之后有改动，已重新读取',
  'name-and-content-differ': ({ name, content }) => `扩展名是 ${name}，内容是 ${content}`,
};
