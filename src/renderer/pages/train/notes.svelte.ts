import { SvelteMap } from 'svelte/reactivity';
import { client } from '../../app/client.ts';
import { connection } from '../../app/connection.svelte.ts';
import { forgetWithProject } from '../../app/state.svelte.ts';

/**
 * What is typed about runs, until the engine has it. Every key goes to the engine, one call at a time with the newest text; what could not
 * be kept waits until the engine is back, on whatever page the user is then.
 */
class Notes {
  readonly #drafts = new SvelteMap<number, string>();
  readonly #failed = new SvelteMap<number, unknown>();
  readonly #saving = new Set<number>();

  constructor() {
    connection.onOpen(() => {
      for (const runId of this.#drafts.keys()) void this.#save(runId);
    });
  }

  /** The text to show: what was typed, or else what is kept. */
  text(runId: number, kept: string): string {
    return this.#drafts.get(runId) ?? kept;
  }

  /** `failed`: it waits for the engine. */
  state(runId: number): 'kept' | 'saving' | 'failed' {
    if (!this.#drafts.has(runId)) return 'kept';
    // A call waits for an engine that is away.
    return this.#failed.has(runId) || connection.state.kind !== 'open' ? 'failed' : 'saving';
  }

  type(runId: number, notes: string): void {
    this.#drafts.set(runId, notes);
    void this.#save(runId);
  }

  forget(): void {
    this.#drafts.clear();
    this.#failed.clear();
  }

  async #save(runId: number): Promise<void> {
    if (this.#saving.has(runId)) return;
    this.#saving.add(runId);
    try {
      for (let notes = this.#drafts.get(runId); notes !== undefined;) {
        await client.training.note({ runId, notes });
        this.#failed.delete(runId);
        const now = this.#drafts.get(runId);
        // The list that is read next has it.
        if (now === notes) this.#drafts.delete(runId);
        notes = now === notes ? undefined : now;
      }
    } catch (error) {
      this.#failed.set(runId, error);
    } finally {
      this.#saving.delete(runId);
    }
  }
}

export const notes = new Notes();

forgetWithProject(() => notes.forget());
