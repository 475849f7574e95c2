import fs from 'node:fs/promises';
import path from 'node:path';
import type { CsvChoice, CsvOptions } from '../../shared/contract/index.ts';
import { CLASSES, type Split } from '../../shared/domain.ts';
import { StudioError, type Reason } from '../../shared/errors.ts';
import { readRegularFile } from '../files/read-file.ts';
import { csvTextOf, detectDelimiter, parseCsv } from './csv-text.ts';
import { damaged } from './idx.ts';
import { splitOf, type Place } from './layout.ts';

/** Most bytes of a CSV. */
const LIMIT = 256 * 2 ** 20;
/** Rows that columns are judged by. */
const SAMPLE = 200;

export interface CsvTable {
  options: CsvOptions;
  /** Without the header. */
  rows: string[][];
  /** From the header; empty without one. */
  names: string[];
}

/** What a row says about its file. */
export type RowPlace = { status: 'done'; place: Place } | { status: 'failed'; reason: Reason };

const word = (text: string | undefined): string => (text ?? '').trim().toLowerCase();
const isLabel = (text: string | undefined): boolean => typeof labelOf(text) === 'number';
const names = {
  path: /^(path|file|file.?name|file.?path|image|image.?(path|name|file)|img|picture|name|id)$/,
  label: /^(label|labels|class|digit|target|category|y|ground.?truth|value)$/,
  split: /^(split|set|subset|usage|partition|fold)$/,
};

/** The CSV and TSV files at the top of a folder, sorted. */
export async function csvFiles(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /^[^.].*\.(csv|tsv)$/i.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

/** Reads a CSV at the top of a folder; what `choice` leaves open is detected. `isFile` knows the paths of the folder. Throws `data-damaged`. */
export function readTable(folder: string, choice: CsvChoice, isFile: (path: string) => boolean): CsvTable {
  const { file } = choice;
  // It is named by a client.
  if (path.basename(file) !== file) throw new StudioError('bad-request');
  const bytes = readRegularFile(path.join(folder, file), LIMIT);
  if (!Buffer.isBuffer(bytes)) throw damaged(file, bytes.reason.code);
  const { text, encoding } = csvTextOf(bytes, choice.encoding);
  const delimiter = choice.delimiter ?? detectDelimiter(text);
  const rows = parseCsv(text, delimiter);
  if (rows.length === 0) throw damaged(file, 'empty');
  const columns = detectColumns(rows.slice(0, SAMPLE), choice, isFile);
  const header = choice.header ?? hasHeader(rows, columns, isFile);
  const head = header ? rows.shift()! : [];
  return { options: { file, encoding, delimiter, header, ...columns }, rows, names: head };
}

type Columns = Pick<CsvOptions, 'path' | 'label' | 'split'>;

/** By the names in the first row, else by what most rows hold. */
function detectColumns(rows: string[][], choice: CsvChoice, isFile: (path: string) => boolean): Columns {
  const width = rows.reduce((most, { length }) => Math.max(most, length), 0);
  const taken = new Set([choice.path, choice.label, choice.split]);
  const holding = (fits: (text: string | undefined) => boolean, share: number): number | null => {
    const counts = Array.from({ length: width }, (_, at) =>
      taken.has(at) ? 0 : rows.filter((row) => fits(row[at])).length / rows.length,
    );
    const best = counts.indexOf(Math.max(...counts));
    return counts[best]! > share ? best : null;
  };
  const named = (pattern: RegExp): number | null => {
    const at = rows[0]!.findIndex((name, index) => !taken.has(index) && pattern.test(word(name)));
    return at < 0 ? null : at;
  };
  const take = (at: number | null): number | null => {
    if (at !== null) taken.add(at);
    return at;
  };
  const pathAt = choice.path ?? take(holding((text) => isFile(cleanPath(text)), 0) ?? named(names.path)) ?? 0;
  taken.add(pathAt);
  const split =
    choice.split === undefined
      ? take(named(names.split) ?? holding((text) => splitOf(word(text)) !== undefined, 0.5))
      : choice.split;
  const label = choice.label === undefined ? take(named(names.label) ?? holding(isLabel, 0.5)) : choice.label;
  return { path: pathAt, label, split };
}

/** The first row names the columns when it points to no file while others do, or when its label is none. */
function hasHeader(rows: string[][], columns: Columns, isFile: (path: string) => boolean): boolean {
  const [first, ...rest] = rows;
  if (isFile(cleanPath(first![columns.path]))) return false;
  const labelAt = columns.label;
  return (
    names.path.test(word(first![columns.path])) ||
    (labelAt !== null && !isLabel(first![labelAt]) && rest.some((row) => isLabel(row[labelAt]))) ||
    rest.some((row) => isFile(cleanPath(row[columns.path])))
  );
}

/** A path as it is written in a table: `\` between names and `./` in front are taken for what they mean. */
export const cleanPath = (text: string | undefined): string =>
  (text ?? '')
    .trim()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '');

/** Null: no label is given. Undefined: what stands there is none. */
function labelOf(text: string | undefined): number | null | undefined {
  const written = word(text);
  if (written === '') return null;
  const digit = /^\d(\.0+)?$/.test(written) ? Number(written) : -1;
  return digit >= 0 && digit < CLASSES ? digit : undefined;
}

/** By path: what the rows say, in their order. Rows that are there twice and disagree leave their file out. */
export function placesOf({ options, rows }: CsvTable): {
  places: Map<string, RowPlace>;
  /** Rows that say again what one before them said. */
  twice: string[];
} {
  const places = new Map<string, RowPlace>();
  const twice: string[] = [];
  for (const row of rows) {
    const file = cleanPath(row[options.path]);
    const place = placeOfRow(row, options);
    const known = places.get(file);
    if (!known) places.set(file, place);
    else if (JSON.stringify(known) === JSON.stringify(place)) twice.push(file);
    else places.set(file, { status: 'failed', reason: { code: 'rows-disagree' } });
  }
  return { places, twice };
}

function placeOfRow(row: string[], { label: labelAt, split: splitAt }: CsvOptions): RowPlace {
  const label = labelAt === null ? null : labelOf(row[labelAt]);
  if (label === undefined)
    return {
      status: 'failed',
      reason: { code: 'label-out-of-range', params: { label: row[labelAt!]!.trim() } },
    };
  if (label === null) return { status: 'done', place: { split: 'unlabelled', label } };
  const written = splitAt === null ? '' : word(row[splitAt]);
  const split: Split | undefined = written === '' ? 'train' : splitOf(written);
  if (!split) return { status: 'failed', reason: { code: 'split-unknown', params: { split: written } } };
  return { status: 'done', place: { split, label } };
}
