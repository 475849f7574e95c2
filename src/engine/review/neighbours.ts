import type { Neighbours } from '../../shared/contract/index.ts';
import { TILE_BYTES } from '../../shared/domain.ts';
import type { Compute } from '../compute/types.ts';
import { countLabelled } from '../datasets/store.ts';
import { breathe, checkCancelled } from '../jobs/flow.ts';
import { single, sql, type Db } from '../project/sqlite.ts';
import { digitRefOf } from './refs.ts';

/** Training digits that are looked at: of more, every k-th. */
const MOST = 100_000;
/** Digits whose features are computed at once. */
const CHUNK = 5_000;
export const NEIGHBOURS = 5;

/** Features of the training digits of a data set, as one model sees them. */
interface FeatureIndex {
  ids: number[];
  /** N x width. */
  features: Float32Array;
  width: number;
}

export interface NeighbourQuestion {
  modelId: number;
  modelFolder: string;
  dataSetId: number;
  /** 28 x 28. */
  tile: Uint8Array;
  /** Of the digit itself, which is not its own neighbour; null for one of another set. */
  digitId: number | null;
}

/**
 * The training digits that a model finds most alike: nearest by Euclidean distance between what its last layer looks at. Keeps the features of
 * the training digits asked for last.
 */
export class NeighbourSearch {
  readonly #compute: Compute;
  #index: Promise<FeatureIndex> | null = null;
  #key = '';

  constructor(compute: Compute) {
    this.#compute = compute;
  }

  /** Throws what `Compute.features` throws, `cancelled`. */
  async find(db: Db, question: NeighbourQuestion, signal?: AbortSignal): Promise<Neighbours> {
    const index = await this.#indexFor(db, question);
    checkCancelled(signal);
    const [{ ids, features, width }, own] = [
      index,
      await this.#compute.features(question.modelFolder, question.tile),
    ];
    const nearest: { id: number; distance: number }[] = [];
    for (let row = 0; row < ids.length; row++) {
      if (ids[row] === question.digitId) continue;
      let sum = 0;
      for (let at = 0, from = row * width; at < width; at++) sum += (features[from + at]! - own[at]!) ** 2;
      if (nearest.length === NEIGHBOURS && sum >= nearest.at(-1)!.distance) continue;
      nearest.push({ id: ids[row]!, distance: sum });
      nearest.sort((a, b) => a.distance - b.distance);
      nearest.length = Math.min(nearest.length, NEIGHBOURS);
    }
    return neighboursOf(db, nearest, ids.length);
  }

  /** With another project the ids mean other digits. */
  forget(): void {
    this.#key = '';
    this.#index = null;
  }

  /** Anew when digits came or went. */
  #indexFor(db: Db, { modelId, modelFolder, dataSetId }: NeighbourQuestion): Promise<FeatureIndex> {
    const last = single<number | null>(db, 'SELECT MAX(id) FROM digit WHERE data_set_id = ?', dataSetId);
    const key = [modelId, modelFolder, dataSetId, countLabelled(db, dataSetId, 'train'), last].join(' ');
    if (key !== this.#key || this.#index === null) {
      this.#key = key;
      const index = this.#build(db, modelFolder, dataSetId);
      // A failed search is not remembered.
      index.catch(() => this.#key === key && this.forget());
      this.#index = index;
    }
    return this.#index;
  }

  async #build(db: Db, modelFolder: string, dataSetId: number): Promise<FeatureIndex> {
    const step = Math.max(1, Math.ceil(countLabelled(db, dataSetId, 'train') / MOST));
    const page = sql<{ id: number; pixels: Buffer }>(
      db,
      `SELECT digit.id, pixels FROM digit JOIN digit_tile ON digit_id = digit.id
       WHERE ${TRAINED} AND digit.id > ? AND digit.id % ? = 0 ORDER BY digit.id LIMIT ${CHUNK}`,
    );
    const ids: number[] = [];
    const parts: Float32Array[] = [];
    for (let last = 0; ;) {
      const rows = page.all(dataSetId, last, step);
      if (rows.length === 0) break;
      const tiles = new Uint8Array(rows.length * TILE_BYTES);
      rows.forEach(({ pixels }, at) => tiles.set(pixels, at * TILE_BYTES));
      parts.push(await this.#compute.features(modelFolder, tiles));
      ids.push(...rows.map(({ id }) => id));
      last = rows.at(-1)!.id;
      await breathe();
    }
    const features = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let filled = 0;
    for (const part of parts) {
      features.set(part, filled);
      filled += part.length;
    }
    return { ids, features, width: ids.length === 0 ? 0 : features.length / ids.length };
  }
}

/** SQL: labelled training digits of data set `?`. */
const TRAINED = `data_set_id = ? AND excluded = 0 AND split <> 'test' AND label IS NOT NULL`;

function neighboursOf(
  db: Db,
  nearest: readonly { id: number; distance: number }[],
  among: number,
): Neighbours {
  const row = sql<{ label: number | null; pixels: Buffer }>(
    db,
    'SELECT label, pixels FROM digit JOIN digit_tile ON digit_id = digit.id WHERE digit.id = ? AND excluded = 0',
  );
  // One may have left the set meanwhile.
  const found = nearest.flatMap(({ id, distance }) => {
    const digit = row.get(id);
    return digit === undefined ? [] : [{ id, distance: Math.sqrt(distance), ...digit }];
  });
  return {
    among,
    digits: found.map(({ id, distance, label }) => ({ ref: digitRefOf(id), label, distance })),
    pixels: new Blob(found.map(({ pixels }) => Uint8Array.from(pixels))),
  };
}
