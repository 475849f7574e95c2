import type { Architecture, Layer } from './layers.ts';
import { costsOf, inputShape, summarise, type Costs, type LayerSummary, type MapShape } from './summary.ts';

type Point = readonly [x: number, y: number];

/** What a drawing is made of; colours are the painter's. */
export type Mark =
  | { kind: 'area'; tone: 'input' | 'map' | 'vector' | 'window'; points: readonly Point[] }
  | { kind: 'line'; from: Point; to: Point }
  | { kind: 'text'; tone: 'title' | 'name' | 'note'; at: Point; text: string };

export interface Drawing {
  width: number;
  height: number;
  title: string;
  /** All that the drawing says, in words. */
  description: string;
  marks: readonly Mark[];
}

/** In a language. */
export interface DrawingWords {
  input: string;
  shape(shape: MapShape): string;
  /** What a layer does, and the function after its sums if there is one. */
  kind(layer: Layer): string[];
  parameters(count: number): string;
  multiplyAdds(count: number): string;
  total(costs: Costs): string;
  list(parts: readonly string[]): string;
}

/** Layers that leave the shape as it is stand with the one before them. */
interface Column {
  name: string;
  shape: MapShape;
  notes: string[];
  /** The window that the first of its layers looks through at the column before; null: at all of it. */
  window: number | null;
  picture: Picture;
  width: number;
}

/** Front and back of a stack of maps, or of a row of units, from 0, 0 on. */
interface Picture {
  width: number;
  height: number;
  areas: Point[][];
  tone: 'input' | 'map' | 'vector';
  /** Pixels of the drawing per pixel of the map. */
  scale: number;
}

const LARGEST_MAP = 84;
/** Maps drawn of a layer at most, and how far the last lies from the first. */
const SHOWN_MAPS = 16;
const DEPTH = { step: 6, most: 42 };
const MARGIN = 16;
const COLUMN_GAP = 26;
const ROW_GAP = 30;
const LINE = 16;
const HEAD = 46;
const FONT = { name: 12.5, note: 11 };

/** Width of a line of text in Inter, more or less: Chinese signs are as wide as they are high. */
function textWidth(text: string, size: number): number {
  return [...text].reduce((width, sign) => width + size * (sign > '\u2e7f' ? 1 : 0.57), 0);
}

const square = (x: number, y: number, side: number): Point[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

function pictureOf([height, , maps]: MapShape, largest: number, isInput: boolean): Picture {
  const scale = LARGEST_MAP / largest;
  if (height === 1 && !isInput) {
    // A row of units, seen at a slant.
    const long = Math.min(104, 26 + maps * 0.6);
    const [slant, thick] = [long * 0.32, 9];
    const area: Point[] = [
      [0, 0],
      [thick, 0],
      [thick + slant, long],
      [slant, long],
    ];
    return { width: thick + slant, height: long, areas: [area], tone: 'vector', scale };
  }
  const side = height * scale;
  const count = Math.min(maps, SHOWN_MAPS);
  const step = count === 1 ? 0 : Math.min(DEPTH.step, DEPTH.most / (count - 1));
  const areas = Array.from({ length: count }, (_, at) => square(at * step, at * step, side));
  const depth = (count - 1) * step;
  return { width: side + depth, height: side + depth, areas, tone: isInput ? 'input' : 'map', scale };
}

const keepsShape = ({ kind }: Layer): boolean => kind === 'batch-normalisation' || kind === 'dropout';

function windowOf(layer: Layer): number | null {
  if (layer.kind === 'convolution') return layer.kernel;
  return layer.kind === 'pooling' || layer.kind === 'subsampling' ? layer.window : null;
}

function columnsOf(model: Architecture, words: DrawingWords): Column[] {
  const groups: LayerSummary[][] = [];
  for (const summary of summarise(model)) {
    if (keepsShape(summary.layer) && groups.length > 0) groups.at(-1)!.push(summary);
    else groups.push([summary]);
  }
  const input = inputShape(model);
  const largest = Math.max(input[0], ...groups.map(([first]) => first!.output[0]));
  const column = (part: Omit<Column, 'picture' | 'width'>, isInput: boolean): Column => {
    const picture = pictureOf(part.shape, largest, isInput);
    const texts = [
      textWidth(part.name, FONT.name),
      textWidth(words.shape(part.shape), FONT.name),
      ...part.notes.map((note) => textWidth(note, FONT.note)),
    ];
    return { ...part, picture, width: Math.max(picture.width, ...texts) };
  };
  const sum = (group: LayerSummary[], of: (summary: LayerSummary) => number): number =>
    group.reduce((total, summary) => total + of(summary), 0);
  return [
    column({ name: words.input, shape: input, notes: [], window: null }, true),
    ...groups.map((group) =>
      column(
        {
          name: words.list(group.map(({ layer }) => layer.name)),
          shape: group[0]!.output,
          window: windowOf(group[0]!.layer),
          notes: [
            ...group.flatMap(({ layer }) => words.kind(layer)),
            words.parameters(sum(group, ({ parameterCount }) => parameterCount)),
            ...[sum(group, ({ multiplyAdds }) => multiplyAdds)].filter(Boolean).map(words.multiplyAdds),
          ],
        },
        false,
      ),
    ),
  ];
}

/** As many columns in a row as fit into the width, one at least. */
function filledRows(columns: readonly Column[], width: number): Column[][] {
  const rows: Column[][] = [];
  let left = 0;
  for (const column of columns) {
    left -= column.width + COLUMN_GAP;
    if (rows.length === 0 || left + COLUMN_GAP < 0) {
      rows.push([]);
      left = width - 2 * MARGIN - column.width - COLUMN_GAP;
    }
    rows.at(-1)!.push(column);
  }
  return rows;
}

/** As few rows as the width allows, of about the same length. */
function rowsOf(columns: readonly Column[], width: number): Column[][] {
  let rows = filledRows(columns, width);
  for (let narrower = width - 20; ; narrower -= 20) {
    const balanced = filledRows(columns, narrower);
    const tooWide = balanced.some((row) => row.length === 1 && row[0]!.width > narrower - 2 * MARGIN);
    if (balanced.length > rows.length || tooWide) return rows;
    rows = balanced;
  }
}

/**
 * An architecture in the manner of LeCun et al. 1998, figure 2: layers as stacks of maps, with names, shapes, parameters and
 * multiply-adds; in rows of at most `width`. Throws what `summarise` throws.
 */
export function drawArchitecture(model: Architecture, words: DrawingWords, width = 1240): Drawing {
  const columns = columnsOf(model, words);
  const marks: Mark[] = [];
  const text = (tone: 'title' | 'name' | 'note', x: number, y: number, words: string): void => {
    marks.push({ kind: 'text', tone, at: [x, y], text: words });
  };
  const title = model.name;
  const total = words.total(costsOf(model));
  text('title', MARGIN, 26, title);
  text('note', MARGIN, 26 + LINE + 2, total);
  let top = HEAD + ROW_GAP;
  let widest = MARGIN + Math.max(textWidth(title, 15), textWidth(total, FONT.note));
  for (const row of rowsOf(columns, width)) {
    const tallest = Math.max(...row.map(({ picture }) => picture.height));
    const pictures = top + 2 * LINE;
    let x = MARGIN;
    let last: { column: Column; at: Point } | null = null;
    for (const column of row) {
      const at: Point = [x, pictures + (tallest - column.picture.height) / 2];
      text('name', x, top, column.name);
      text('name', x, top + LINE, words.shape(column.shape));
      for (const points of column.picture.areas)
        marks.push({
          kind: 'area',
          tone: column.picture.tone,
          points: points.map((point) => moved(point, at)),
        });
      if (last) marks.push(...linesBetween(last.column.picture, last.at, column, at));
      const notes = pictures + tallest + LINE + 6;
      column.notes.forEach((note, line) => text('note', x, notes + line * LINE, note));
      last = { column, at };
      x += column.width + COLUMN_GAP;
    }
    widest = Math.max(widest, x - COLUMN_GAP);
    top = pictures + tallest + LINE * (1 + Math.max(...row.map(({ notes }) => notes.length))) + ROW_GAP;
  }
  return {
    width: Math.ceil(widest + MARGIN),
    height: Math.ceil(top - ROW_GAP + MARGIN),
    title,
    description: [
      total,
      ...columns.map(({ name, shape, notes }) => words.list([name, words.shape(shape), ...notes])),
    ].join('\n'),
    marks,
  };
}

const moved = ([x, y]: Point, [dx, dy]: Point): Point => [round(x + dx), round(y + dy)];
const round = (value: number): number => Math.round(value * 10) / 10;

/** From a window of the front map, or from the ends of the row before, to the layer that looks through it. */
function linesBetween(from: Picture, at: Point, { window, picture: to }: Column, toAt: Point): Mark[] {
  const front = from.areas.at(-1)!.map((point) => moved(point, at));
  const [target] = to.areas;
  if (window !== null && from.tone !== 'vector') {
    const side = window * from.scale;
    const [[left, top], [right], [, bottom]] = front as [Point, Point, Point];
    // Inside the map, which it may just fill.
    const x = Math.max(left, Math.min(left + from.scale * 2, right - side));
    const y = Math.max(top, Math.min(top + side * 0.7, bottom - side));
    const corner = square(x, y, side).map((point) => moved(point, [0, 0]));
    const end: Point = moved([0, to.height * 0.3], toAt);
    return [
      { kind: 'area', tone: 'window', points: corner },
      { kind: 'line', from: corner[1]!, to: end },
      { kind: 'line', from: corner[2]!, to: end },
    ];
  }
  return [
    { kind: 'line', from: front[1]!, to: moved(target![0]!, toAt) },
    { kind: 'line', from: front[2]!, to: moved(target![3]!, toAt) },
  ];
}
