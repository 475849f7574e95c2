import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Batch, BatchLikeness, Rejection, RejectWish } from '../../shared/contract/index.ts';
import { rejectionOf } from '../../shared/confidence/rejection.ts';
import { TILE_BYTES, type NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { nameFromFolder } from '../../shared/names.ts';
import type { Compute } from '../compute/types.ts';
import type { FileHasher, ImageReader, NewImageReader } from '../images/types.ts';
import { orCancelled } from '../jobs/flow.ts';
import { readModel, writeModel, type StoredModel } from '../models/store.ts';
import { markInterrupted } from '../project/interrupted.ts';
import { addModel, listModels, modelFolderName } from '../project/models.ts';
import { realFolder } from '../project/real-folder.ts';
import { single, type Db } from '../project/sqlite.ts';
import { createProject, isProject, openProject, type Project } from '../project/store.ts';
import { csvTarget, type ExportPlace } from './csv-target.ts';
import { exportBatch } from './export.ts';
import { filingTarget } from '../filing/class-folders.ts';
import { fileBatch, type Filed, type FilingAsked } from '../filing/file-batch.ts';
import { addFolderBatch, ledgerRow, setWatch, storedRejection } from './ledger.ts';
import { batchLikeness } from './likeness.ts';
import { checkNotEmpty } from './not-empty.ts';
import { watchFolder, type WatchOptions } from '../watch/watch-folder.ts';
import { runBatch } from './runner.ts';
import type { BatchOptions } from './options.ts';
import { getBatch, listBatches } from './store.ts';

export interface ClassifyInProjectOptions {
  /** The project's folder; made when there is none, unless a batch is resumed. */
  project: string;
  folder: string;
  /** A batch that is resumed keeps its own; then this only chooses which one. */
  modelFolder?: string | undefined;
  /** Goes on with the newest batch over the folder that is not at its end. */
  resume?: boolean;
  /** Files are unchanged by content, not by size and time. */
  verify?: boolean;
  reject?: RejectWish | undefined;
  /** Goes on with files that come later, until the signal fires: in the batch that was watched before, or a new one. */
  watch?: boolean;
  /** Links out of the folder are followed; a batch that is resumed keeps what it began with. */
  followLinks?: boolean | undefined;
  /** Where the rows are exported to besides. */
  out?: ExportPlace | undefined;
  compute: Compute;
  reader: ImageReader & NewImageReader & FileHasher;
  /** What becomes of the files. */
  filing?: FilingAsked;
  onProgress?: BatchOptions['onProgress'];
  signal?: AbortSignal;
}

export interface ClassifiedInProject {
  batch: Batch;
  /** From the first listing to the closed export, with the model loaded. */
  seconds: number;
  rejection: Rejection | null;
  likeness: BatchLikeness | null;
  filed: Filed | null;
}

/**
 * Classifies a folder into the ledger of a project, as the window does; what has not changed since the last batch over it with that model is
 * taken over. Throws what `realFolder`, `readModel`, `rejectionOf`, `openProject`, `createProject`, `runBatch`, `exportBatch` and `fileBatch` throw,
 * and `nothing-to-resume`; what ends a batch that has begun names the project.
 */
export async function classifyInProject(options: ClassifyInProjectOptions): Promise<ClassifiedInProject> {
  const { out, modelFolder, reject, resume = false } = options;
  const folder = await realFolder(options.folder);
  const place = path.resolve(options.project);
  const model = modelFolder === undefined ? null : await readModel(modelFolder);
  const rejection = model && rejectionOf(model.card, reject);
  if (!options.watch) await checkNotEmpty(folder);
  if (out) await csvTarget(out.file, [folder], out.format);
  if (options.filing) await filingTarget(options.filing.target, folder);
  const project =
    resume || isProject(place) ? openProject(place) : createProject(place, nameFromFolder(place, []));
  try {
    const { db } = project;
    markInterrupted(db);
    const batchId = options.watch
      ? await watchedBatch(project, folder, model!, { ...options, rejection })
      : resume
        ? unfinished(db, folder, model && (await findModel(project, model)))
        : addBatch(db, folder, model!, await ownModel(project, model!), { ...options, rejection });
    return await work(project, batchId, options);
  } finally {
    project.close();
  }
}

async function work(
  project: Project,
  batchId: number,
  { out, filing, watch, compute, reader, onProgress, signal }: ClassifyInProjectOptions,
): Promise<ClassifiedInProject> {
  const { db } = project;
  const row = ledgerRow(db, batchId);
  const modelFolder = project.modelFolder(modelFolderName(db, row.modelId));
  const recipe = JSON.parse(row.recipe) as NormalisationRecipe;
  try {
    // Loads TensorFlow and the model before the clock starts.
    await orCancelled(compute.classify(modelFolder, new Uint8Array(TILE_BYTES)), signal);
    const started = performance.now();
    const options = { db, batchId, compute, reader, modelFolder, recipe, onProgress, signal };
    if (row.state !== 'done') await runBatch(options);
    if (watch) await watchUntilStopped({ ...options, followLinks: row.followLinks === 1 }, row.root!);
    // A watch ends with the signal, and what it read is to be written.
    if (out) await exportBatch(db, batchId, out.file, out.format, watch ? undefined : signal);
    const seconds = (performance.now() - started) / 1000;
    const { card } = await readModel(modelFolder);
    const filed = filing ? await fileBatch(db, batchId, filing, signal) : null;
    return {
      filed,
      batch: getBatch(db, batchId),
      seconds,
      likeness: batchLikeness(db, batchId, card.confidence?.reference),
      rejection: storedRejection(row.threshold, row.rejection),
    };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    throw new StudioError(error.code, { ...error.params, project: project.folder }, { cause: error });
  }
}

async function watchUntilStopped(
  options: Omit<WatchOptions, 'signal'> & BatchOptions,
  root: Buffer,
): Promise<void> {
  const { db, batchId, signal = new AbortController().signal } = options;
  setWatch(db, batchId, 'on');
  try {
    await watchFolder({ ...options, signal }, root);
  } catch (error) {
    if (!signal.aborted) throw error;
    setWatch(db, batchId, 'paused');
  }
}

/** The batch over the folder with that model that was watched last; a new one when there is none. */
async function watchedBatch(
  project: Project,
  folder: string,
  model: StoredModel,
  options: Parameters<typeof addBatch>[4],
): Promise<number> {
  const { db } = project;
  const modelId = await ownModel(project, model);
  const known = single<number | null>(
    db,
    'SELECT MAX(id) FROM batch WHERE root = ? AND model_id = ? AND watch IS NOT NULL AND follow_links = ?',
    Buffer.from(folder),
    modelId,
    Number(options.followLinks ?? false),
  );
  return known ?? addBatch(db, folder, model, modelId, { ...options, watch: true });
}

function addBatch(
  db: Db,
  folder: string,
  { card: { normalisation: recipe } }: StoredModel,
  modelId: number,
  {
    verify,
    ...options
  }: Pick<ClassifyInProjectOptions, 'verify' | 'watch' | 'followLinks'> & { rejection: Rejection | null },
): number {
  const names = listBatches(db).map(({ name }) => name);
  return addFolderBatch(db, {
    name: nameFromFolder(folder, names),
    source: folder,
    root: Buffer.from(folder),
    modelId,
    recipe,
    againOf: lastOf(db, folder, modelId, recipe, options.followLinks ?? false),
    ...(verify !== undefined && { verify }),
    rejection: options.rejection,
    watch: options.watch,
    followLinks: options.followLinks,
  });
}

/** The newest batch that read the whole folder in that way. */
const lastOf = (
  db: Db,
  folder: string,
  modelId: number,
  recipe: NormalisationRecipe,
  followLinks: boolean,
): number | undefined =>
  single<number | null>(
    db,
    `SELECT MAX(id) FROM batch WHERE root = ? AND model_id = ? AND recipe = ? AND follow_links = ? AND state = 'done'`,
    Buffer.from(folder),
    modelId,
    JSON.stringify(recipe),
    Number(followLinks),
  ) ?? undefined;

/** Throws `nothing-to-resume`. */
function unfinished(db: Db, folder: string, modelId: number | null | undefined): number {
  const id = single<number | null>(
    db,
    `SELECT MAX(id) FROM batch WHERE root = ? AND model_id = COALESCE(?, model_id)
       AND state IN ('interrupted', 'cancelled', 'failed')`,
    Buffer.from(folder),
    // A model that is not in the project read nothing there.
    modelId === undefined ? 0 : modelId,
  );
  if (id === null) throw new StudioError('nothing-to-resume', { folder });
  return id;
}

/** The project's model with the same weights and card, undefined when there is none. */
async function findModel(project: Project, wanted: StoredModel): Promise<number | undefined> {
  for (const { id } of listModels(project.db)) {
    const model = await readModel(project.modelFolder(modelFolderName(project.db, id))).catch(() => null);
    if (isDeepStrictEqual(model, wanted)) return id;
  }
  return undefined;
}

/** The same, with a copy of the model taken into the project when it has none. */
async function ownModel(project: Project, model: StoredModel): Promise<number> {
  const found = await findModel(project, model);
  if (found !== undefined) return found;
  const folder = randomUUID();
  await writeModel(project.modelFolder(folder), model);
  return addModel(project.db, model.card, folder, null);
}
