import type { ReasonMessages } from '../explain.ts';

/** Why a file has no digit, or what to know about one that has. One line each; they stand in the CSV as well. */
export const reasons: ReasonMessages = {
  'not-an-image': ({ found }) =>
    found && found !== 'unknown'
      ? `not an image: the first bytes look like ${found}`
      : 'not an image by its first bytes',
  hidden: () => 'hidden file or folder',
  'system-file': () => 'file of the operating system',
  'symbolic-link': () => 'symbolic link',
  'not-a-regular-file': () => 'not a regular file',
  'not-idx': () => 'no part of the IDX files',
  'packed-copy': () => 'packed copy of a file beside it',
  'labels-without-images': () => 'labels without a file of images',
  'label-out-of-range': ({ label }) => `its label ${label} is none of 0 to 9`,
  'split-unknown': ({ split }) => `its split “${split}” is neither training nor test`,
  'no-row': () => 'the CSV has no row for it',
  'row-without-file': () => 'the CSV names it, but the file is not there',
  'row-twice': () => 'the CSV has the same row twice; one counts',
  'rows-disagree': () => 'the CSV has two rows for it that disagree',
  'gone-since': () => 'not in the folder any more',
  'empty-file': () => 'the file is empty',
  truncated: () => 'the picture ends too early',
  'bad-checksum': ({ chunk }) => `wrong checksum in chunk ${chunk}`,
  'cannot-decode': ({ detail }) => `cannot be decoded: ${detail}`,
  'too-large': ({ width, height, limit }) => `${width}×${height} pixels, more than ${limit} megapixels`,
  'file-too-large': ({ bytes, limit }) => `${bytes} bytes, more than ${limit}`,
  'unsupported-format': ({ format }) => `unsupported format ${format}`,
  blank: () => 'no ink found',
  'permission-denied': () => 'no permission to read the file',
  'folder-permission-denied': () => 'no permission to read the folder',
  'folder-unreadable': ({ detail }) => `the folder cannot be read: ${detail}`,
  vanished: () => 'the file was gone when its turn came',
  'changed-while-reading': () => 'the file changed while it was read',
  'read-timeout': ({ seconds }) => `reading took longer than ${seconds} s`,
  'read-error': ({ detail }) => `cannot be read: ${detail}`,
  'decoder-crashed': ({ end }) => `the decoder crashed on it (${end})`,
  'no-digit': () => 'no digit, by the model’s reject class',
  'below-threshold': ({ threshold }) => `confidence below ${Number(threshold).toPrecision(6)}`,
  'first-of-frames': ({ count }) => `first of ${count} pictures in the file`,
  'changed-since': () => 'changed since the last time, read again',
  'name-and-content-differ': ({ name, content }) => `named ${name}, holds ${content}`,
};
