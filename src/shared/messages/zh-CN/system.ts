import type { system as english } from '../en/system.ts';

export const system: typeof english = {
  EACCES: '没有权限',
  EBUSY: '正被占用或已锁定',
  EFBIG: '文件过大',
  EINVAL: '参数无效',
  EIO: '读写错误',
  EISDIR: '这是一个文件夹',
  ELOOP: '符号链接层数过多',
  EMFILE: '打开的文件过多',
  ENAMETOOLONG: '名称过长',
  ENODEV: '设备不存在',
  ENOENT: '文件或文件夹不存在',
  ENOTDIR: '不是文件夹',
  ENXIO: '设备或地址不存在',
  EPERM: '不允许此操作',
  EROFS: '文件系统只读',
  ETIMEDOUT: '连接超时',
  'source image': '那里是一幅源图像',
};
