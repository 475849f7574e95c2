import type { topics } from '../../../shared/contract/index.ts';

export type Topic = (typeof topics)[number];

const listeners = new Set<(changed: readonly Topic[] | 'all') => void>();

/** Told when one of the topics changes in the engine; call the answer to be told no more (an `$effect` may return it). */
export function onChanged(wanted: readonly Topic[], listener: () => void): () => void {
  const listen = (changed: readonly Topic[] | 'all'): void => {
    if (changed === 'all' || changed.some((topic) => wanted.includes(topic))) listener();
  };
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** Passes on what the engine said; `all` after a reconnection. */
export function publishChange(changed: readonly Topic[] | 'all'): void {
  for (const listener of [...listeners]) listener(changed);
}
