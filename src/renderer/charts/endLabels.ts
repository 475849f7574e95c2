import type { Chart, ChartType, Plugin } from 'chart.js';
import { spreadLabels } from './series.ts';

export interface EndLabel {
  /** Index of the line in the chart. */
  line: number;
  text: string;
  colour: string;
}

interface EndLabelOptions {
  labels: EndLabel[];
  font: string;
}

declare module 'chart.js' {
  // Named as Chart.js names it, or the declarations do not merge.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    endLabels?: EndLabelOptions;
  }
}

const GAP = 13;
const DOT = 3;
/** About as wide as the names get. */
const LABEL_WIDTH = 60;
/** From the end of a line to its name. */
export const LABEL_OFFSET = 8;

interface End {
  text: string;
  colour: string;
  x: number;
  y: number;
}

/** Ends whose labels could overlap, from left to right; lines that end elsewhere do not push each other. */
function neighbours(ends: readonly End[]): End[][] {
  const groups: End[][] = [];
  for (const end of [...ends].sort((a, b) => a.x - b.x)) {
    const group = groups.at(-1);
    if (group !== undefined && end.x - group[0]!.x < LABEL_WIDTH) group.push(end);
    else groups.push([end]);
  }
  return groups;
}

/** Writes the name of each line beside its last point, in its colour: no legend to look up. */
export const endLabels: Plugin<'line'> = {
  id: 'endLabels',
  afterDatasetsDraw(chart: Chart<'line'>) {
    // Chart.js types all options as perhaps missing; before the first real ones it hands an empty object.
    const options = chart.options.plugins?.endLabels as Partial<EndLabelOptions> | undefined;
    if (options?.labels === undefined || options.font === undefined) return;
    const { top, bottom } = chart.chartArea;
    const ends = options.labels.flatMap(({ line, text, colour }) => {
      const end = chart.getDatasetMeta(line).data.at(-1);
      return end === undefined ? [] : [{ text, colour, x: end.x, y: Math.min(Math.max(end.y, top), bottom) }];
    });
    const { ctx } = chart;
    ctx.save();
    ctx.font = options.font;
    ctx.textBaseline = 'middle';
    ctx.lineWidth = 4;
    ctx.lineJoin = 'round';
    // Keeps a name readable where another line runs through it.
    ctx.strokeStyle = getComputedStyle(chart.canvas).getPropertyValue('--surface');
    for (const group of neighbours(ends)) {
      const heights = spreadLabels(
        group.map(({ y }) => y),
        GAP,
        top + DOT,
        bottom - DOT,
      );
      group.forEach(({ text, colour, x, y }, index) => {
        ctx.fillStyle = colour;
        ctx.beginPath();
        ctx.arc(x, y, DOT, 0, 2 * Math.PI);
        ctx.fill();
        ctx.strokeText(text, x + LABEL_OFFSET, heights[index]!);
        ctx.fillText(text, x + LABEL_OFFSET, heights[index]!);
      });
    }
    ctx.restore();
  },
};
