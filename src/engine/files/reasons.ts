import type { Reason } from '../../shared/errors.ts';

/** The system's name of an error, such as `ENOENT`; holds no path. */
export const errorCode = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** What an error on a file's path means for its row. */
export function fileReason(error: unknown): Reason {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { code: 'vanished' };
  if (code === 'EACCES' || code === 'EPERM') return { code: 'permission-denied' };
  return { code: 'read-error', params: { detail: code } };
}

/** What an error while listing a folder means for its row. */
export function folderReason(error: unknown): Reason {
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM') return { code: 'folder-permission-denied' };
  if (code === 'ENOENT' || code === 'ENOTDIR') return { code: 'vanished' };
  return { code: 'folder-unreadable', params: { detail: code } };
}
