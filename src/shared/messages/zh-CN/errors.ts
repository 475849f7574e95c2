import type { FitIssue } from '../../models/fit.ts';
import { errorReason, fitText, type ErrorMessages } from '../explain.ts';
import { fit } from './fit.ts';
import { reasons } from './reasons.ts';

export const errors: ErrorMessages = {
  'bad-request': () => ({
    what: '引擎不接受这个请求。',
    kept: '没有任何改动。',
    next: '请检查输入。如果再次出现，请重新启动本软件。',
  }),
  internal: ({ detail }) => ({
    what: `软件内部出错：${detail}`,
    kept: '磁盘上的项目没有变化。',
    next: '请重试。如果再次出现，请重新启动本软件。',
  }),
  'no-project': () => ({ what: '没有打开项目。', kept: '', next: '请在“主页”打开或新建项目。' }),
  'project-newer': ({ project, found, known }) => ({
    what: `项目 ${project} 由更新版本的软件写成（格式 ${found}，当前版本最高支持 ${known}）。`,
    kept: '项目没有被改动。',
    next: '请用更新的版本打开它。',
  }),
  'project-damaged': ({ project, detail }) => ({
    what: `无法读取项目 ${project}：${detail}`,
    kept: '它的文件没有被改动。',
    next: '请用备份恢复 project.sqlite，或新建项目。图像都还在原处。',
  }),
  'project-locked': ({ project }) => ({
    what: `项目 ${project} 已在另一个窗口中打开。`,
    kept: '没有任何改动。',
    next: '请先在那边关闭，再在这里打开。',
  }),
  'project-read-only': ({ project }) => ({
    what: `项目 ${project} 已在另一个窗口中打开，这里只能查看。`,
    kept: '没有任何改动。',
    next: '请在那边修改，或在那边关闭后由这里接管。',
  }),
  'project-not-found': ({ project }) => ({
    what: `${project} 里没有项目。`,
    kept: '',
    next: '它可能被移动或改名了，请重新选择文件夹。',
  }),
  'project-exists': ({ project }) => ({
    what: `文件夹 ${project} 里已有其他文件。`,
    kept: '这些文件都没有被改动。',
    next: '请为项目选择一个空文件夹或新文件夹。',
  }),
  'unknown-id': ({ kind }) => ({
    what: `要找的内容已经不在了（${kind}）。`,
    kept: '没有任何改动。',
    next: '它可能已被删除，请另选一个。',
  }),
  'path-not-granted': () => ({
    what: '本软件已无权使用这个文件夹或文件。',
    kept: '没有任何改动。',
    next: '请重新选择。',
  }),
  'folder-unreadable': ({ folder, detail }) => ({
    what: `无法读取文件夹 ${folder}（${detail}）。`,
    kept: '之前读出的内容都已保留。',
    next: '请确认文件夹存在且您有权打开，然后重试。',
  }),
  'folder-empty': ({ folder }) => ({
    what: `${folder} 里没有文件。`,
    kept: '',
    next: '请选择一个含有图像的文件夹。',
  }),
  'nothing-to-resume': ({ folder }) => ({
    what: `这个项目里没有 ${folder} 的未完成批次。`,
    kept: '',
    next: '请把这个文件夹作为新批次来识别：没有改动的文件会直接沿用已有结果。',
  }),
  'view-exists': ({ name }) => ({
    what: `已有名为“${name}”的视图。`,
    kept: '没有做任何改动。',
    next: '请换一个名称，或先给另一个视图改名。',
  }),
  'selection-changed': () => ({
    what: '网格中的数字已不是选择时的那些。',
    kept: '没有做任何改动。',
    next: '请重新选择。',
  }),
  'too-many-digits': ({ count, most }) => ({
    what: `选中了 ${count} 个数字，而一步最多改动 ${most} 个。`,
    kept: '没有做任何改动。',
    next: '请先筛选网格，或分几次选择。',
  }),
  'no-changes': () => ({
    what: '没有任何数字有改动，因此没有可保存、撤回或添加的内容。',
    kept: '',
    next: '',
  }),
  'no-labels': ({ name }) => ({
    what: `“${name}”里的数字都没有标签。`,
    kept: '',
    next: '训练和测试需要标签：请导入按数字分好的子文件夹、带标签 CSV 的图像或 IDX 文件，或使用 MNIST。',
  }),
  'too-few-digits': ({ name, count, needed }) => ({
    what: `“${name}”只有 ${count} 个带标签的数字，至少需要 ${needed} 个。`,
    kept: '',
    next: '请导入更多带标签的数字，或换用更大的数据集。',
  }),
  'confidence-not-measured': ({ model }) => ({
    what: `“${model}”没有测得的错误—拒识曲线，无法按错误率或拒识率的上限设定阈值。`,
    kept: '',
    next: '请先用带标签的数字测量它（“模型”页的“置信度”，或 `studio measure`），或直接给出阈值。',
  }),
  'error-limit-not-met': ({ model, limit, best, rejected, digits }) => ({
    what: `“${model}”做不到错误率不超过 ${limit}%：在测量所用的 ${digits} 个数字上最低只到 ${best}%，此时拒识 ${rejected}%。`,
    kept: '',
    next: '请放宽错误率上限，或训练更好的模型。',
  }),
  'data-damaged': ({ file, detail }) => ({
    what: `数据文件 ${file} 已损坏：${detail}`,
    kept: '没有导入其中任何内容。',
    next: '请更换该文件。MNIST 可通过重新运行安装程序恢复。',
  }),
  'original-unreadable': ({ file, ...rest }) => ({
    what: `无法显示 ${file}：${errorReason(reasons, rest)}。`,
    kept: '数字及其标签仍在。',
    next: '请在文件所在位置检查该文件。',
  }),
  'model-file-missing': ({ model, file }) => ({
    what: `模型 ${model} 缺少文件 ${file}。`,
    kept: '它以前给出的结果都已保留。',
    next: '请放回该文件，或改用别的模型。',
  }),
  'model-file-damaged': ({ model, file, detail }) => ({
    what: `模型 ${model} 的文件 ${file} 已损坏：${detail}`,
    kept: '它以前给出的结果都已保留。',
    next: '请恢复该文件，或改用别的模型。',
  }),
  'model-wrong-shape': ({ model, tensor, expected, found }) => ({
    what: `模型 ${model} 中 ${tensor} 的形状是 ${found}，应为 ${expected}。`,
    kept: '它以前给出的结果都已保留。',
    next: '请改用别的模型，这不是本软件的 LeNet-5。',
  }),
  'model-newer': ({ model, found, known }) => ({
    what: `模型 ${model} 由更新版本的软件写成（格式 ${found}，当前版本最高支持 ${known}）。`,
    kept: '模型没有被改动。',
    next: '请使用更新的版本，或改用别的模型。',
  }),
  'model-format-unknown': ({ model, format }) => ({
    what: `无法导入模型 ${model}：${format} 只描述计算过程，不说明由哪些层组成。`,
    kept: '其文件未被改动。',
    next: '请将它另存为层模型（TensorFlow.js 的 model.save，各层依次相连），或从本软件导出。',
  }),
  'layer-unsupported': ({ model, layer, setting, value }) => ({
    what: `${model} 的层 ${layer} 在本软件中没有对应的层：${setting} 为 ${value}。`,
    kept: '其文件未被改动，未导入任何内容。',
    next: '用户指南列出了可以导入的层。请更换该层，重新训练后再次保存模型。',
  }),
  'compute-missing': ({ detail }) => ({
    what: `无法载入 TensorFlow：${detail}`,
    kept: '其他功能照常可用，项目是安全的。',
    next: '请重新运行安装程序，或用“studio doctor”查看缺少什么。',
  }),
  'compute-stopped': ({ detail }) => ({
    what: `计算进程意外结束（${detail}）。`,
    kept: '已完成的轮次和已读出的各行都已保留。',
    next: '点“继续”，会从停下的地方接着做。',
  }),
  'disk-full': ({ file }) => ({
    what: `磁盘已满，无法写入 ${file}。`,
    kept: '之前写入的内容都已保留。',
    next: '请腾出空间，然后重试或继续。',
  }),
  'cannot-write': ({ file, detail }) => ({
    what: `无法写入 ${file}（${detail}）。`,
    kept: '那里没有任何改动。',
    next: '请换一个位置，或确认您有写入权限。',
  }),
  'file-exists': ({ file }) => ({
    what: `${file} 已存在。`,
    kept: '没有覆盖它。',
    next: '请换一个名称。',
  }),
  'target-inside-source': ({ target, folder }) => ({
    what: `${target} 中的类别文件夹会与已识别的文件夹 ${folder} 互相包含。`,
    kept: '没有动过任何文件。',
    next: '请选择它之外的文件夹。',
  }),
  'manifest-unreadable': ({ file, detail }) => ({
    what: `${file} 不是可用的清单（${detail}）。`,
    kept: '没有动过任何文件。',
    next: '请选择类别文件夹旁边由工作室写下的清单。',
  }),
  'job-running': ({ title }) => ({
    what: `“${title}”仍在进行。`,
    kept: '',
    next: '请等它完成，或先停止它。',
  }),
  'training-does-not-fit': (params) => ({
    ...fitText(fit, params as unknown as FitIssue),
    kept: '训练没有开始。',
  }),
  'normalisation-differs': ({ model, name }) => ({
    what: `“${model}”读取图像的方式与导入“${name}”时不同：笔迹明暗、裁切或扶正的设置不一致。`,
    kept: '没有做任何改动。',
    next: '请按模型的设置重新导入该文件夹，或用这个数据集训练一个模型。',
  }),
  'training-data-changed': ({ name }) => ({
    what: `无法继续：自这次训练开始以来，“${name}”的数字或标注已有改动。`,
    kept: '已学到的部分仍然保留。',
    next: '请撤销这些改动后再继续，或用相同的设置重新训练。',
  }),
  'training-diverged': ({ epoch, step }) => ({
    what: `训练在第 ${epoch} 轮第 ${step} 步发散：损失或权重已不是数值。`,
    kept: epoch === 1 ? '' : '之前各轮的曲线已保留。',
    next: '请调低学习率再训练。',
  }),
  cancelled: () => ({ what: '已取消。', kept: '此前完成的部分都已保留。', next: '' }),
};
