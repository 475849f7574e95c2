import { SvelteMap } from 'svelte/reactivity';
import { z } from 'zod';
import { client } from '../../app/client.ts';
import { connection } from '../../app/connection.svelte.ts';
import { forgetWithProject, project } from '../../app/state.svelte.ts';

/** Where texts stand that the engine does not have yet, so that a window which closes at once loses none. */
const REMEMBERED = 'notes';

const drafts = z.object({ project: z.string(), notes: z.record(z.string(), z.string()) });

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
    this.#remember();
    void this.#save(runId);
  }

  /** Takes up what the last window could not hand over. */
  recall(): void {
    try {
      const kept = drafts.parse(JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null'));
      if (kept.project !== project.current?.id) return;
      for (const [runId, notes] of Object.entries(kept.notes))
        if (!this.#drafts.has(Number(runId))) this.type(Number(runId), notes);
    } catch {
      // Nothing is kept, or not by this studio.
    }
  }

  #remember(): void {
    if (this.#drafts.size === 0) return localStorage.removeItem(REMEMBERED);
    const kept = { project: project.current?.id ?? '', notes: Object.fromEntries(this.#drafts) };
    localStorage.setItem(REMEMBERED, JSON.stringify(kept));
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
        if (now === notes) {
          this.#drafts.delete(runId);
          this.#remember();
        }
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
