import type { NormalisationRecipe } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import { RECORD } from '../datasets/records.ts';
import { sql, type Db } from '../project/sqlite.ts';

/** A digit of a data set, or an item of a batch. */
export interface Ref {
  kind: 'digit' | 'item';
  id: number;
}

/** Reads `d12` or `i34`, as the contract allows them. */
export const parseRef = (ref: string): Ref => ({
  kind: ref.startsWith('d') ? 'digit' : 'item',
  id: Number(ref.slice(1)),
});

export const digitRefOf = (id: number): string => `d${id}`;
export const itemRefOf = (id: number): string => `i${id}`;

export const unknownRef = (ref: string): StudioError =>
  new StudioError('unknown-id', { kind: 'digit', id: ref });

export interface SourceFile {
  /** Both are the file system's bytes; the path is relative to the root. */
  root: Buffer;
  path: Buffer;
  recipe: NormalisationRecipe;
  /** Of the record in an IDX file; null where the file is the picture. */
  record: number | null;
  /** Links on the way to it are followed. */
  follow: boolean;
}

/** The file behind a digit; null for digits that came as tiles. Throws `unknown-id`. */
export function sourceFile(db: Db, ref: string): SourceFile | null {
  const { kind, id } = parseRef(ref);
  const ofDigit = `SELECT COALESCE(data_file.root, data_set.root) AS root, path, COALESCE(data_file.recipe, data_set.recipe) AS recipe, ${RECORD} AS record, 0 AS follow
    FROM digit JOIN data_file ON data_file.id = file_id
    JOIN data_set ON data_set.id = digit.data_set_id`;
  const query =
    kind === 'digit'
      ? `${ofDigit} WHERE digit.id = :id`
      : `SELECT root, path, recipe, NULL AS record, follow_links AS follow FROM batch_item AS item JOIN batch_file ON batch_file.id = item.file_id
           JOIN batch ON batch.id = item.batch_id WHERE item.id = :id
         UNION ALL ${ofDigit} WHERE digit.id = (SELECT digit_id FROM batch_item WHERE id = :id)`;
  const row = sql<Omit<SourceFile, 'recipe' | 'follow'> & { recipe: string | null; follow: 0 | 1 }>(
    db,
    query,
  ).get({ id });
  if (!row) throw unknownRef(ref);
  if (row.recipe === null) return null;
  return { ...row, follow: row.follow === 1, recipe: JSON.parse(row.recipe) as NormalisationRecipe };
}
