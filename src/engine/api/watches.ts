import type { Batch } from '../../shared/contract/index.ts';
import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { ledgerRow, setWatch, watchedBatches } from '../batches/ledger.ts';
import { getBatch } from '../batches/store.ts';
import { modelFolderName } from '../project/models.ts';
import { storeError } from '../project/sqlite.ts';
import type { Project } from '../project/store.ts';
import { watchFolder } from '../watch/watch-folder.ts';
import type { EngineContext } from './context.ts';

/** The folders of the open project that are watched now. */
export class Watches {
  readonly #running = new Map<number, { stop: AbortController; ended: Promise<void> }>();

  /** Begins with a batch that is to be watched; it ends by `stop`, or with what went wrong, which then stands with the batch. */
  start(engine: EngineContext, project: Project, batchId: number): void {
    if (this.#running.has(batchId)) return;
    const stop = new AbortController();
    const ended = this.#watch(engine, project, batchId, stop.signal).finally(() => {
      if (this.#running.get(batchId)?.stop === stop) this.#running.delete(batchId);
    });
    this.#running.set(batchId, { stop, ended });
  }

  async #watch(
    engine: EngineContext,
    { db, modelFolder }: Project,
    batchId: number,
    signal: AbortSignal,
  ): Promise<void> {
    const row = ledgerRow(db, batchId);
    const { compute, reader } = engine;
    const onChange = (): void => engine.changed('batches');
    let troubled = row.watch !== null && getBatch(db, batchId).error !== null;
    try {
      const recipe = JSON.parse(row.recipe) as NormalisationRecipe;
      const folder = modelFolder(modelFolderName(db, row.modelId));
      const onTrouble = (error: StudioError | null): void => {
        if (error === null && !troubled) return;
        troubled = error !== null;
        setWatch(db, batchId, 'on', error);
        onChange();
      };
      const options = { db, batchId, compute, reader, modelFolder: folder, recipe, signal };
      const followLinks = row.followLinks === 1;
      await watchFolder({ ...options, followLinks, onChange, onTrouble }, row.root!);
    } catch (cause) {
      if (signal.aborted || !db.open) return;
      const error = storeError(cause, row.name);
      if (!(error instanceof StudioError)) console.error(cause);
      const shown =
        error instanceof StudioError ? error : new StudioError('internal', { detail: String(cause) });
      try {
        setWatch(db, batchId, 'paused', shown);
      } catch (full) {
        // The disk is full, most likely: at the next opening it goes on.
        console.error(full);
      }
      onChange();
    }
  }

  async stop(batchId: number): Promise<void> {
    const running = this.#running.get(batchId);
    running?.stop.abort();
    await running?.ended;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((batchId) => this.stop(batchId)));
  }
}

/** Goes on with what was watched when the project was closed. */
export function startWatches(engine: EngineContext, project: Project): void {
  for (const batchId of watchedBatches(project.db)) engine.watches.start(engine, project, batchId);
}

/** Watches the folder of a batch, holds that or ends it. Throws `unknown-id`, `bad-request` for a batch of no folder. */
export async function watchBatch(
  engine: EngineContext,
  { batchId, watch }: { batchId: number; watch: Batch['watch'] },
): Promise<Batch> {
  const { writable: project } = engine;
  const { db } = project;
  const { kind, state } = ledgerRow(db, batchId);
  if (kind !== 'folder') throw new StudioError('bad-request');
  if (watch !== 'on') await engine.watches.stop(batchId);
  setWatch(db, batchId, watch);
  // One that is still being read is watched once it has been.
  if (watch === 'on' && state === 'done') engine.watches.start(engine, project, batchId);
  engine.changed('batches');
  return getBatch(db, batchId);
}
