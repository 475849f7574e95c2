import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { embeddingMethods, type EmbeddingMethod } from '../../shared/contract/embedding.ts';
import { writeFileAtomic } from '../project/atomic.ts';
import type { Project } from '../project/store.ts';

/** Counts up when the same digits would be placed elsewhere. */
const VERSION = 1;

const header = z.object({
  version: z.literal(VERSION),
  method: z.enum(embeddingMethods),
  batchId: z.int(),
  /** Folder of the model. */
  model: z.string(),
  digits: z.int(),
  placed: z.int(),
  features: z.int(),
  explained: z.tuple([z.number(), z.number()]).nullable(),
  key: z.string(),
});

export interface StoredMap extends z.infer<typeof header> {
  /** Of `batch_item`. */
  ids: Uint32Array<ArrayBuffer>;
  /** N x 2. */
  places: Float32Array<ArrayBuffer>;
}
export type NewMap = Omit<StoredMap, 'version'>;

/** Maps kept in memory: both of a few batches. */
const KEPT = 4;

/**
 * Maps that were made. Each is a file in the project's folder `cache` that may be deleted at any time; of a project that is only looked at they are
 * in memory alone.
 */
export class MapStore {
  readonly #kept = new Map<string, StoredMap>();

  forget(): void {
    this.#kept.clear();
  }

  /** Null: not made, or with another model or studio. */
  async get(
    project: Project,
    batchId: number,
    method: EmbeddingMethod,
    model: string,
  ): Promise<StoredMap | null> {
    const file = fileOf(project, batchId, method);
    const map = this.#kept.get(file) ?? (await read(file));
    if (map === null || map.batchId !== batchId || map.method !== method || map.model !== model) return null;
    this.#keep(file, map);
    return map;
  }

  /** Throws `disk-full`, `cannot-write`. */
  async put(project: Project, map: NewMap): Promise<void> {
    const file = fileOf(project, map.batchId, map.method);
    this.#keep(file, { ...map, version: VERSION });
    if (project.readOnly) return;
    const { ids, places, ...rest } = map;
    const head = Buffer.from(`${JSON.stringify({ ...rest, version: VERSION })}\n`);
    await writeFileAtomic(file, Buffer.concat([head, bytesOf(ids), bytesOf(places)]));
  }

  #keep(file: string, map: StoredMap): void {
    this.#kept.delete(file);
    this.#kept.set(file, map);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

const folderOf = (project: Project): string => path.join(project.folder, 'cache');
const fileOf = (project: Project, batchId: number, method: EmbeddingMethod): string =>
  path.join(folderOf(project), `map-${batchId}-${method}.bin`);

/** Deletes the maps of a batch. Throws what the file system throws. */
export async function deleteMaps(project: Project, batchId: number): Promise<void> {
  for (const method of embeddingMethods) await fs.rm(fileOf(project, batchId, method), { force: true });
}

const bytesOf = (array: Uint32Array | Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** A file that is not whole is made anew, like one that is missing. */
async function read(file: string): Promise<StoredMap | null> {
  const bytes = await fs.readFile(file).catch(() => null);
  const end = bytes?.indexOf('\n') ?? -1;
  if (bytes === null || end < 0) return null;
  const head = header.safeParse(parsed(bytes.toString('utf8', 0, end)));
  if (!head.success || bytes.length !== end + 1 + 12 * head.data.placed) return null;
  const body = Uint8Array.from(bytes.subarray(end + 1)).buffer;
  const { placed } = head.data;
  return {
    ...head.data,
    ids: new Uint32Array(body, 0, placed),
    places: new Float32Array(body, 4 * placed, 2 * placed),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
