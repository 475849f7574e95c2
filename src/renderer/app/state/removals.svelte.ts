import { client } from '../client.ts';
import { connection } from '../connection.svelte.ts';
import { errorText, isEngineGone, text } from '../i18n.ts';
import { jobs } from './jobs.svelte.ts';
import { forgetWithProject } from './project.svelte.ts';
import { notify } from './toasts.svelte.ts';

interface Removal {
  runId: number;
  name: string;
  /** When it was done or undone last, as the engine and the journal tell time. */
  at: string;
}

/** Runs that were removed in this window: they can come back until the project or the engine goes away. */
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

  /** Removes a run, and says so with a way back. */
  async remove({ id: runId, name }: { id: number; name: string }): Promise<void> {
    await this.#remove(runId, name);
    this.#undone = [];
    const t = text().runs.list;
    const undo = { label: t.undo, run: () => void this.undo(runId).catch(tell) };
    notify(t.removed(name), 'plain', undo, `run ${runId}`);
  }

  /** Brings a run back, the last one by default. */
  async undo(runId = this.last?.runId): Promise<void> {
    const removal = this.#done.find((one) => one.runId === runId);
    if (removal === undefined) return;
    await client.training.restore({ runId: removal.runId });
    await readJobs();
    this.#done = this.#done.filter((one) => one !== removal);
    this.#undone = [...this.#undone, { ...removal, at: new Date().toISOString() }];
    notify(text().runs.list.restored(removal.name), 'good', undefined, `run ${removal.runId}`);
  }

  async redo(): Promise<void> {
    const removal = this.next;
    if (removal === null) return;
    await this.#remove(removal.runId, removal.name);
    this.#undone = this.#undone.filter((one) => one !== removal);
    notify(text().runs.list.removedAgain(removal.name), 'plain', undefined, `run ${removal.runId}`);
  }

  forget(): void {
    this.#done = this.#undone = [];
  }

  async #remove(runId: number, name: string): Promise<void> {
    const { at } = await client.training.remove({ runId });
    this.#done = [...this.#done, { runId, name, at }];
    await readJobs();
  }
}

/** Its training can go on only while it is there. */
const readJobs = async (): Promise<void> => {
  jobs.list = await client.jobs.list();
};

const tell = (error: unknown): void => {
  if (!isEngineGone(error)) notify(errorText(error), 'bad');
};

export const removals = new Removals();

forgetWithProject(() => removals.forget());
// An engine that was started again has deleted them.
connection.onOpen(() => removals.forget());
