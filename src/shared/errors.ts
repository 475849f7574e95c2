/** Errors that a user can meet. The code chooses the sentence (shared/messages); the parameters fill it in. */
export type ErrorParams = Record<string, string | number>;

export const errorCodes = [
  'bad-request', // the call does not fit the contract
  'internal', // a fault of the studio's own; params.detail
  'no-project', // the call needs an open project
  'project-newer', // params.project, params.found, params.known
  'project-damaged', // params.project, params.detail
  'project-locked', // another studio has it open; params.project
  'project-read-only', // the same, so that nothing can be changed here; params.project
  'project-not-found', // params.project
  'project-exists', // the folder holds something else already; params.project
  'unknown-id', // params.kind, params.id
  'path-not-granted', // the window named a path id that nobody granted
  'folder-unreadable', // params.folder, params.detail
  'folder-empty', // params.folder
  'nothing-to-resume', // no batch over the folder is unfinished; params.folder
  'view-exists', // another has the name; params.name
  'selection-changed', // the list is no longer the one in which digits were selected
  'too-many-digits', // for one step; params.count, params.most
  'no-changes', // nothing to keep, take back or add
  'no-labels', // training wants labels; params.name
  'too-few-digits', // params.name, params.count, params.needed
  'data-damaged', // params.file, params.detail
  'original-unreadable', // an image cannot be shown; params.file, params.reason and the reason's own
  'model-file-missing', // params.model, params.file
  'model-file-damaged', // params.model, params.file, params.detail
  'model-wrong-shape', // params.model, params.tensor, params.expected, params.found
  'model-newer', // params.model, params.found, params.known
  'confidence-not-measured', // a limit on errors or rejects wants a measured curve; params.model
  'error-limit-not-met', // params.model, in per cent params.limit, params.best, params.rejected; params.digits
  'model-format-unknown', // files of a model that cannot be taken over; params.model, params.format
  'layer-unsupported', // a layer of another program's model; params.model, params.layer, params.setting, params.value
  'compute-missing', // TensorFlow cannot be loaded; params.detail
  'compute-stopped', // the computing process ended; params.detail
  'disk-full', // params.file
  'cannot-write', // params.file, params.detail
  'file-exists', // params.file; params.wanted: the format where an export was to be written
  'target-inside-source', // class folders would lie in the classified folder; params.target, params.folder
  'manifest-unreadable', // params.file, params.detail
  'job-running', // params.title
  'training-does-not-fit', // the parameters cannot be trained together; params are a FitIssue (models/fit.ts)
  'training-data-changed', // a run cannot go on: digits or labels of its data set are others; params.name
  'normalisation-differs', // a model reads pictures otherwise than the digits of a data set were made; params.model, params.name
  'training-diverged', // the loss or the weights are no numbers any more; params.epoch, params.step
  'cancelled',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** The one error class that crosses rooms: a code and its parameters, no prose. */
export class StudioError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;
  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(params)}`, options);
    this.name = 'StudioError';
    this.code = code;
    this.params = params;
  }
}

/** Why a file has no digit (`failed`, `skipped`), why its digit is not taken (`rejected`), or what to know about one that has (`done`). */
export const reasonCodes = [
  // skipped
  'not-an-image', // params.found: what the first bytes look like, may be empty
  'hidden',
  'system-file', // Thumbs.db, desktop.ini, .DS_Store
  'symbolic-link',
  'link-loop', // to a folder around it
  'link-repeats', // what it leads to is read under another path
  'not-a-regular-file',
  'not-idx', // lies beside IDX files
  'packed-copy', // of an IDX file beside it
  'labels-without-images',
  'gone-since', // the batch that is repeated had it
  // failed
  'label-out-of-range', // params.label
  'split-unknown', // params.split
  'no-row', // the CSV says nothing about the file
  'row-without-file',
  'row-twice', // and both say the same
  'rows-disagree',
  'empty-file',
  'truncated',
  'bad-checksum', // params.chunk
  'cannot-decode', // params.detail
  'too-large', // params.width, params.height, params.limit (megapixels)
  'file-too-large', // params.bytes, params.limit
  'unsupported-format', // params.format
  'blank', // no ink found
  'permission-denied',
  'folder-permission-denied',
  'folder-unreadable', // params.detail
  'vanished',
  'broken-link',
  'changed-while-reading',
  'read-timeout', // params.seconds
  'read-error', // params.detail
  'decoder-crashed', // params.end: the signal's name or the exit code
  // left where they are when files go into class folders, or come back
  'file-changed', // since it was classified
  'name-taken',
  'original-gone', // so that its copy is not deleted
  'outside-folder', // a link leads out of it
  'behind-link', // it can be copied, not moved
  // rejected
  'below-threshold', // params.threshold
  'no-digit', // the model's reject class is likelier than every digit
  // notes on files that are done
  'first-of-frames', // params.count
  'name-and-content-differ', // params.name, params.content
  'changed-since', // the batch that is repeated read another content
] as const;
export type ReasonCode = (typeof reasonCodes)[number];
export interface Reason {
  code: ReasonCode;
  params?: ErrorParams;
}
