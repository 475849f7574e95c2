import { z } from 'zod';
import { digitLabel, split } from '../domain.ts';
import { dataOrders, digitMeasure, digitStatuses, rowId } from './schemas.ts';

const percent = z.int().min(0).max(100).nullable();

/** What the grid asks of a digit beside its split and label, and the order. Null, '' and nothing in a list ask nothing. */
export const gridFilter = z.object({
  text: z.string().max(200),
  /** Tags that it carries, all of them. */
  tags: z.array(rowId).max(8).readonly(),
  status: z.enum(digitStatuses).nullable(),
  ink: digitMeasure.nullable(),
  side: digitMeasure.nullable(),
  /** The batch whose readings are shown and filtered by. */
  batchId: rowId.nullable(),
  predicted: digitLabel.nullable(),
  only: z.enum(['correct', 'misclassified']).nullable(),
  /** Confidence in whole percent, both included. */
  from: percent,
  to: percent,
  order: z.enum(dataOrders),
  descending: z.boolean(),
});
export type GridFilter = Readonly<z.infer<typeof gridFilter>>;

export const LARGEST_ZOOM = 8;
/** Which digits the grid of the Data page shows, and how large. */
export const shownDigits = z.object({
  split: z.enum([...split.options, 'all']),
  labels: z.array(digitLabel).max(10).readonly(),
  filter: gridFilter,
  /** Screen pixels per pixel of a digit; null: as the room allows. */
  zoom: z.int().min(1).max(LARGEST_ZOOM).nullable(),
});
export type ShownDigits = z.infer<typeof shownDigits>;

export const viewName = z.string().trim().min(1).max(60);
export const gridView = z.object({ id: rowId, name: z.string(), shown: shownDigits });
export type GridView = z.infer<typeof gridView>;
