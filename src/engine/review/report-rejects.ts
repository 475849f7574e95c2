import type { ErrorRejectPoint } from '../../shared/contract/index.ts';
import type { Formats, Messages } from '../../shared/messages/index.ts';
import { escaped } from '../../shared/models/svg.ts';
import { niceCeiling } from '../../shared/statistics/nice-ceiling.ts';

/** A curve, and whose it is. */
interface NamedCurve {
  name: string;
  points: readonly ErrorRejectPoint[];
}

const WIDTH = 640;
const HEIGHT = 300;
const PLOT = { left: 64, top: 44, right: WIDTH - 24, bottom: HEIGHT - 44 };
const TICKS = 5;
/** Told apart by their dashes too: a report may be printed in grey. */
const STROKES = [
  { colour: '#0072b2', dashes: 'none' },
  { colour: '#d55e00', dashes: '6 4' },
];
const LEAST_TOP = 0.001;

/** The error-reject curves of a batch, or of two over the same digits, as a drawing; empty where none has a point. */
export function rejectsSection(curves: readonly NamedCurve[], t: Messages, format: Formats): string {
  const shown = curves.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return '';
  const lines = shown.map(({ points }) =>
    points.map(({ accepted, errors }) => ({ x: 1 - accepted / points[0]!.accepted, y: errors / accepted })),
  );
  const top = (of: 'x' | 'y'): number =>
    niceCeiling(Math.max(LEAST_TOP, ...lines.flatMap((line) => line.map((point) => point[of]))));
  const [mostX, mostY] = [top('x'), top('y')];
  const across = (x: number): number => PLOT.left + (x / mostX) * (PLOT.right - PLOT.left);
  const up = (y: number): number => PLOT.bottom - (y / mostY) * (PLOT.bottom - PLOT.top);
  const percent = (share: number, most: number): string => format.percent(share, most <= 0.02 ? 2 : 1);
  const shares = Array.from({ length: TICKS + 1 }, (_, tick) => tick / TICKS);
  const names = format.list(shown.map(({ name }) => name));
  const marks = [
    ...shares.flatMap((share) => [
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${up(share * mostY)}" y2="${up(share * mostY)}" stroke="#c9ced6"/>`,
      label(PLOT.left - 8, up(share * mostY) + 4, 'end', percent(share * mostY, mostY)),
      label(across(share * mostX), PLOT.bottom + 18, 'middle', percent(share * mostX, mostX)),
    ]),
    label(PLOT.left, PLOT.top - 12, 'start', t.confidence.yName),
    label(PLOT.right, HEIGHT - 8, 'end', t.confidence.xName),
    ...lines.map((line, at) => {
      const { colour, dashes } = STROKES[at % STROKES.length]!;
      const points = line.map(({ x, y }) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(' ');
      const [first] = line;
      return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/><circle cx="${across(first!.x)}" cy="${up(first!.y).toFixed(1)}" r="3" fill="${colour}"/>`;
    }),
    ...(shown.length > 1 ? shown.map(({ name }, at) => legend(name, at)) : []),
  ];
  return `<section><h2>${escaped(t.runs.compare.views.rejects)}</h2><p>${escaped(t.report.rejectNote)}</p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${escaped(t.runs.compare.rejectSummary(names))}">${marks.join('')}</svg></section>`;
}

const label = (x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string): string =>
  `<text x="${x}" y="${y}" font-size="11" fill="#4d5763" text-anchor="${anchor}">${escaped(text)}</text>`;

/** At the right, where the curves are low. */
function legend(name: string, at: number): string {
  const { colour, dashes } = STROKES[at % STROKES.length]!;
  const y = PLOT.top + 12 + 18 * at;
  return `<line x1="${PLOT.right - 34}" x2="${PLOT.right}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes}"/>${label(PLOT.right - 42, y, 'end', name)}`;
}
