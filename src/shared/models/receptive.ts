import { DILATION, type Architecture, type Layer } from './layers.ts';
import { summarise, type MapShape } from './summary.ts';

/** First and last place along one side, both included. */
export type Interval = readonly [first: number, last: number];

/** Pixels of the 28 x 28 tile. */
export interface Field {
  rows: Interval;
  columns: Interval;
}

/** The places of a layer's input that one interval of its output sees, along a side of `length`. */
function before(layer: Layer, [first, last]: Interval, length: number): Interval {
  const whole: Interval = [0, length - 1];
  const cut = (from: number, to: number): Interval => [Math.max(0, from), Math.min(length - 1, to)];
  switch (layer.kind) {
    case 'convolution': {
      const { kernel, padding, type } = layer;
      if (type === 'transpose') return cut(first + padding - kernel + 1, last + padding);
      const reach = type === 'dilated' ? (kernel - 1) * DILATION : kernel - 1;
      return cut(first - padding, last - padding + reach);
    }
    case 'pooling':
    case 'subsampling':
      return cut(first * layer.window, last * layer.window + layer.window - 1);
    case 'batch-normalisation':
    case 'dropout':
      return [first, last];
    case 'global-average':
    case 'dense':
    case 'rbf':
      return whole;
  }
}

/**
 * What the unit at `row`, `column` of layer `at` sees of the tile: its receptive field, cut off at the tile's edge. Null where that is
 * padding alone. Throws what `summarise` throws.
 */
export function receptiveField(model: Architecture, at: number, row: number, column: number): Field | null {
  const inputs: MapShape[] = summarise(model).map(({ input }) => input);
  let [rows, columns]: [Interval, Interval] = [
    [row, row],
    [column, column],
  ];
  for (let layer = at; layer >= 0; layer--) {
    const [height, width] = inputs[layer]!;
    rows = before(model.layers[layer]!, rows, height);
    columns = before(model.layers[layer]!, columns, width);
  }
  const { padding, side } = model.input;
  const onTile = ([first, last]: Interval): Interval => [
    Math.max(0, first - padding),
    Math.min(side - 1, last - padding),
  ];
  const field = { rows: onTile(rows), columns: onTile(columns) };
  const empty = ([first, last]: Interval): boolean => first > last;
  return empty(field.rows) || empty(field.columns) ? null : field;
}
