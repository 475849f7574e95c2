import { CLASSES } from '../../../../shared/domain.ts';
import { tokenValue } from '../../../charts/palette.ts';
import { bytesOfColour, paintPoints, radiusFor, signOf, type Style } from './paint.ts';
import { NONE, RIGHT, WRONG, type Colouring } from './points.ts';

/** The theme's colours of a map; reactive in effects. */
export interface MapColours {
  /** Of the kinds 0 to `WRONG`. */
  kinds: [number, number, number][];
  accent: string;
  text: string;
  surface: string;
  font: string;
}

export function mapColours(): MapColours {
  const classes = Array.from({ length: CLASSES }, (_, digit) => tokenValue(`--class-${digit as 0}`));
  const kinds = [...classes, tokenValue('--text-3'), tokenValue('--series-1'), tokenValue('--series-2')];
  return {
    kinds: kinds.map(bytesOfColour),
    accent: tokenValue('--accent'),
    text: tokenValue('--text'),
    surface: tokenValue('--surface'),
    font: tokenValue('--font'),
  };
}

export interface PointsDrawing {
  /** N x 2, in screen pixels. */
  pixels: Float32Array;
  kinds: Uint8Array;
  faint: Uint8Array;
  by: Colouring;
  ratio: number;
  colours: MapColours;
}

/** Paints all points anew, and where classes are coloured, the digit of each at its middle. */
export function drawPoints(context: CanvasRenderingContext2D, drawing: PointsDrawing): void {
  const { pixels, kinds, faint, by, ratio, colours } = drawing;
  const { width, height } = context.canvas;
  const radius = radiusFor(kinds.length, (width * height) / ratio ** 2) * ratio;
  const styles = colours.kinds.map((colour, kind): Style => {
    if (kind === WRONG) return { colour, sign: signOf('cross', 1.5 * radius, 0.8 * radius) };
    if (kind === NONE) return { colour, sign: signOf('ring', 1.2 * radius, 0.5 * radius) };
    return { colour, sign: signOf('disc', kind === RIGHT ? 0.9 * radius : radius) };
  });
  const picture = context.createImageData(width, height);
  paintPoints(picture, { pixels, kinds, faint, styles, above: [NONE, WRONG] });
  context.putImageData(picture, 0, 0);
  if (by === 'outcome') return;
  context.font = `700 ${15 * ratio}px ${colours.font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 4 * ratio;
  context.strokeStyle = colours.surface;
  context.fillStyle = colours.text;
  middlesOf(pixels, kinds).forEach((middle, digit) => {
    if (middle === null) return;
    context.strokeText(String(digit), ...middle);
    context.fillText(String(digit), ...middle);
  });
}

/** The point of each class nearest to its median, so that the digit stands where some are; null for a class of none. */
export function middlesOf(pixels: Float32Array, kinds: Uint8Array): ([x: number, y: number] | null)[] {
  const members = Array.from({ length: CLASSES }, (): number[] => []);
  kinds.forEach((kind, at) => members[kind]?.push(at));
  return members.map((points) => {
    if (points.length === 0) return null;
    const median = [0, 1].map(
      (axis) => points.map((at) => pixels[2 * at + axis]!).sort((a, b) => a - b)[points.length >> 1]!,
    );
    const away = (at: number): number =>
      Math.hypot(pixels[2 * at]! - median[0]!, pixels[2 * at + 1]! - median[1]!);
    const middle = points.reduce((best, at) => (away(at) < away(best) ? at : best));
    return [pixels[2 * middle]!, pixels[2 * middle + 1]!];
  });
}

export interface Marks {
  /** Places of points that have a ring, in CSS pixels. */
  selected: readonly [number, number] | null;
  hovered: readonly [number, number] | null;
  /** Where the keys are. */
  cursor: readonly [number, number] | null;
  /** Corners of what is being drawn, in CSS pixels. */
  outline: readonly number[];
}

/** What lies over the points and changes with every move. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  { selected, hovered, cursor, outline }: Marks,
  ratio: number,
  { accent, text, surface }: MapColours,
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  const ring = (
    at: readonly [number, number] | null,
    radius: number,
    colour: string,
    width: number,
  ): void => {
    if (at === null) return;
    for (const [line, style] of [
      [width + 2, surface],
      [width, colour],
    ] as const) {
      context.beginPath();
      context.arc(...at, radius, 0, 2 * Math.PI);
      context.lineWidth = line;
      context.strokeStyle = style;
      context.stroke();
    }
  };
  ring(selected, 6, accent, 2.5);
  ring(hovered, 6, text, 1.5);
  ring(cursor, 9, accent, 2);
  if (outline.length < 4) return;
  context.beginPath();
  for (let at = 0; at < outline.length; at += 2) context.lineTo(outline[at]!, outline[at + 1]!);
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = accent;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  context.strokeStyle = accent;
  context.setLineDash([5, 3]);
  context.stroke();
  context.setLineDash([]);
}
