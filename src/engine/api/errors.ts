import { ORPCError } from '@orpc/server';
import { StudioError, type ErrorCode, type ErrorParams } from '../../shared/errors.ts';
import { storeError } from '../project/sqlite.ts';

/**
 * Any error as what a client may see of it: a code with parameters, never a stack. What is not meant for users goes to the log and
 * is answered as `internal`.
 */
export function toClientError(
  cause: unknown,
  file: string,
): ORPCError<string, { code: ErrorCode; params: ErrorParams }> {
  if (cause instanceof ORPCError) {
    if (cause.code === 'STUDIO') return cause;
    if (cause.code === 'BAD_REQUEST') return studio('bad-request', {});
  }
  // A call that was still at work when its project was closed.
  if (cause instanceof TypeError && cause.message === 'The database connection is not open')
    return studio('no-project', {}, cause);
  const error = storeError(cause, file);
  if (error instanceof StudioError) return studio(error.code, error.params, cause);
  if ((cause as { name?: unknown } | null)?.name === 'AbortError') return studio('cancelled', {}, cause);
  console.error(cause);
  return studio(
    'internal',
    { detail: cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause) },
    cause,
  );
}

const studio = (code: ErrorCode, params: ErrorParams, cause?: unknown) =>
  new ORPCError('STUDIO', { data: { code, params }, cause });
