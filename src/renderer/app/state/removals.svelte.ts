import { client } from '../client.ts';
import { connection } from '../connection.svelte.ts';
import { errorText, isEngineGone, text } from '../i18n.ts';
import { jobs } from './jobs.svelte.ts';
import { forgetWithProject } from './project.svelte.ts';
import { notify } from './toasts.svelte.ts';

/** What can be removed and brought back: a run, or a named view of the grid. */
export interface Removable {
  kind: 'run' | 'view';
  id: number;
  name: string;
}
interface Removal extends Removable {
  /** When it was done or undone last, as the engine and the journal tell time. */
  at: string;
}

/** Its training can go on only while it is there. */
const readJobs = async (): Promise<void> => {
  jobs.list = await client.jobs.list();
};

const calls = {
  run: {
    async remove(runId: number): Promise<string> {
      const { at } = await client.training.remove({ runId });
      await readJobs();
      return at;
    },
    async restore(runId: number): Promise<void> {
      await client.training.restore({ runId });
      await readJobs();
    },
    words: () => text().runs.list,
  },
  view: {
    async remove(viewId: number): Promise<string> {
      await client.views.remove({ viewId });
      return new Date().toISOString();
    },
    restore: (viewId: number): Promise<void> => client.views.restore({ viewId }),
    words: () => text().views,
  },
};

/** `removal of run x`. */
export const removalText = ({ kind, name }: Removable): string => calls[kind].words().removal(name);

/** What was removed in this window: it can come back until the project or the engine goes away. */
class Removals {
  /** Newest last. */
  #done = $state.raw<readonly Removal[]>([]);
  #undone = $state.raw<readonly Removal[]>([]);

  /** What the next undo would take back. */
  get last(): Removal | null {
    return this.#done.at(-1) ?? null;
  }

  /** What the next redo would do again. */
  get next(): Removal | null {
    return this.#undone.at(-1) ?? null;
  }

  /** Removes it, and says so with a way back. */
  async remove({ kind, id, name }: Removable): Promise<void> {
    const removal = await this.#remove({ kind, id, name });
    this.#undone = [];
    const t = calls[kind].words();
    const undo = { label: t.undo, run: () => void this.undo(removal).catch(tell) };
    notify(t.removed(name), 'plain', undo, `${kind} ${id}`);
  }

  /** Brings it back, the last one by default. */
  async undo(removal: Removal | null = this.last): Promise<void> {
    if (removal === null || !this.#done.includes(removal)) return;
    const { kind, id, name } = removal;
    await calls[kind].restore(id);
    this.#done = this.#done.filter((one) => one !== removal);
    this.#undone = [...this.#undone, { ...removal, at: new Date().toISOString() }];
    notify(calls[kind].words().restored(name), 'good', undefined, `${kind} ${id}`);
  }

  async redo(): Promise<void> {
    const removal = this.next;
    if (removal === null) return;
    const { kind, id, name } = await this.#remove(removal);
    this.#undone = this.#undone.filter((one) => one !== removal);
    notify(calls[kind].words().removedAgain(name), 'plain', undefined, `${kind} ${id}`);
  }

  forget(): void {
    this.#done = this.#undone = [];
  }

  async #remove({ kind, id, name }: Removable): Promise<Removal> {
    const removal = { kind, id, name, at: await calls[kind].remove(id) };
    this.#done = [...this.#done, removal];
    return removal;
  }
}

const tell = (error: unknown): void => {
  if (!isEngineGone(error)) notify(errorText(error), 'bad');
};

export const removals = new Removals();

forgetWithProject(() => removals.forget());
// An engine that was started again has deleted them.
connection.onOpen(() => removals.forget());
