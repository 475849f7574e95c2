import { inkOf } from '../models/confidence.ts';

/** Mean of a 28 x 28 tile in thousandths of full ink. */
export const inkOfTile = (tile: Uint8Array): number => Math.round((1000 * inkOf(tile)[0]!) / 255);

/** SQL: the longer side of the picture behind a digit, of its box where it is one of several; NULL for records of IDX files. */
export const LARGER_SIDE = `COALESCE(MAX(box_width, box_height), (SELECT MAX(width, height) FROM data_file WHERE data_file.id = file_id))`;
