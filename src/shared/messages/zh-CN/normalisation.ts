import type { normalisation as english } from '../en/normalisation.ts';

export const normalisation: typeof english = {
  title: '图像的读取方式',
  hint: '用这些数字训练的模型会记住这一设置，并以同样的方式读取文件夹。',
  polarity: '笔迹',
  polarities: {
    auto: '深浅均可，逐张判断',
    'dark-on-light': '深色笔迹，浅色背景',
    'light-on-dark': '浅色笔迹，深色背景',
  },
  crop: '裁切到笔迹',
  cropHint: '关闭后，数字在图像中的位置和大小保持不变。',
  deskew: '扶正倾斜的数字',
  cropped: '裁切到笔迹',
  whole: '整张图像',
  upright: '扶正',
};
