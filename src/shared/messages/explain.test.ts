import { describe, expect, it } from 'vitest';
import { explain, reasonLine, withSystemWords } from './explain.ts';
import { formatsFor, messagesFor } from './index.ts';

describe('an image that cannot be shown', () => {
  const error = {
    code: 'original-unreadable' as const,
    params: { file: 'seven.png', reason: 'read-timeout', seconds: 30 },
  };

  it.each([
    ['en', 'seven.png cannot be shown: reading took longer than 30 s.'],
    ['zh-CN', '无法显示 seven.png：读取超过 30 秒。'],
  ] as const)('says why, in %s', (language, what) => {
    expect(explain(messagesFor(language).errors, error).what).toBe(what);
  });
});

it.each([
  ['en', 'the decoder crashed on it (SIGSEGV)'],
  ['zh-CN', '解码时程序崩溃（SIGSEGV）'],
] as const)('a file that ended its decoder says so, in %s', (language, line) => {
  const reason = { code: 'decoder-crashed' as const, params: { end: 'SIGSEGV' } };
  expect(reasonLine(messagesFor(language).reasons, reason)).toBe(line);
});

it.each([
  ['en', 'The curve of the epochs before it is kept.'],
  ['zh-CN', '之前各轮的曲线已保留。'],
] as const)(
  'a training that diverged names what is kept only where there is something, in %s',
  (language, kept) => {
    const keptAt = (epoch: number): string =>
      explain(messagesFor(language).errors, { code: 'training-diverged', params: { epoch, step: 4 } }).kept;
    expect([keptAt(1), keptAt(2)]).toEqual(['', kept]);
  },
);

it.each([
  ['en', '/a/b.csv cannot be written (no such file or directory).'],
  ['zh-CN', '无法写入 /a/b.csv（文件或文件夹不存在）。'],
] as const)('the code of the system stands in words, in %s', (language, what) => {
  const { errors, system } = messagesFor(language);
  const params = withSystemWords(system, { file: '/a/b.csv', detail: 'ENOENT' });
  expect(explain(errors, { code: 'cannot-write', params }).what).toBe(what);
  expect(withSystemWords(system, { detail: 'EWHATEVER' })).toEqual({ detail: 'EWHATEVER' });
});

it.each([
  ['en', 'not an image: the first bytes look like text'],
  ['zh-CN', '不是图像：文件开头像是文本'],
] as const)('what a file is instead of an image stands in words, in %s', (language, line) => {
  const reason = { code: 'not-an-image' as const, params: { found: 'text' } };
  expect(reasonLine(messagesFor(language).reasons, reason)).toBe(line);
});

it.each([
  ['en', 'a, b'],
  ['zh-CN', 'a，b'],
] as const)('facts in a line are set apart as the language does it, in %s', (language, line) => {
  expect(formatsFor(language).list(['a', '', 'b'])).toBe(line);
});
