import type { Run } from '../../shared/contract/index.ts';
import { StudioError } from '../../shared/errors.ts';

/** Reason for aborting a job because its project or the engine closes: it is interrupted then, not cancelled. */
export const CLOSING = 'closing';

/** The state that an error leaves a job in, and the error to show with it. */
export function endState(
  error: unknown,
  signal: AbortSignal | undefined,
): { state: Exclude<Run['state'], 'running' | 'done'>; error: StudioError | null } {
  const shown = error instanceof StudioError ? error : new StudioError('internal', { detail: String(error) });
  if (shown.code === 'cancelled')
    return { state: signal?.reason === CLOSING ? 'interrupted' : 'cancelled', error: null };
  // The computing process died, not the work: it can go on from where it was.
  if (shown.code === 'compute-stopped') return { state: 'interrupted', error: shown };
  return { state: 'failed', error: shown };
}
