import type { Chart, Plugin } from 'chart.js';
import { spreadLabels } from './series.ts';

export interface EndLabel {
  /** Index of the line in the chart. */
  line: number;
  text: string;
  colour: string;
}

declare module 'chart.js' {
  // The type parameter has to be named as Chart.js names it, or the declarations do not merge.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface PluginOptionsByType<TType extends ChartType> {
    endLabels?: { labels: EndLabel[]; font: string };
  }
}

const GAP = 13;
const DOT = 3;
/** From the end of a line to its name. */
export const LABEL_OFFSET = 8;

/** Writes the name of each line beside its last point, in its colour: no legend to look up. */
export const endLabels: Plugin<'line'> = {
  id: 'endLabels',
  afterDatasetsDraw(chart: Chart<'line'>) {
    const options = chart.options.plugins?.endLabels;
    if (options === undefined) return;
    const { top, bottom } = chart.chartArea;
    const ends = options.labels.flatMap(({ line, text, colour }) => {
      const end = chart.getDatasetMeta(line).data.at(-1);
      return end === undefined ? [] : [{ text, colour, x: end.x, y: Math.min(Math.max(end.y, top), bottom) }];
    });
    const heights = spreadLabels(
      ends.map(({ y }) => y),
      GAP,
      top + DOT,
      bottom - DOT,
    );
    const { ctx } = chart;
    ctx.save();
    ctx.font = options.font;
    ctx.textBaseline = 'middle';
    ends.forEach(({ text, colour, x, y }, index) => {
      ctx.fillStyle = colour;
      ctx.beginPath();
      ctx.arc(x, y, DOT, 0, 2 * Math.PI);
      ctx.fill();
      ctx.fillText(text, x + LABEL_OFFSET, heights[index]!);
    });
    ctx.restore();
  },
};
