/** How much of each pixel a sign covers, 0 to 1; `side` x `side`, its centre in the middle. */
export interface Sign {
  side: number;
  cover: Float32Array;
}

export type Shape = 'disc' | 'ring' | 'cross';

/** Within a shape of radius 1 whose lines are `line` wide. */
const WITHIN: Record<Shape, (x: number, y: number, line: number) => boolean> = {
  disc: (x, y) => x * x + y * y <= 1,
  ring: (x, y, line) => x * x + y * y <= 1 && Math.hypot(x, y) >= 1 - line,
  cross: (x, y, line) =>
    Math.max(Math.abs(x), Math.abs(y)) <= 1 && Math.min(Math.abs(x - y), Math.abs(x + y)) <= 0.8 * line,
};
/** Looks per pixel and axis. */
const LOOKS = 5;

/** @param radius in pixels; `line` in pixels. */
export function signOf(shape: Shape, radius: number, line = 1): Sign {
  const side = 2 * Math.ceil(radius) + 1;
  const cover = new Float32Array(side * side);
  for (let at = 0; at < cover.length; at++) {
    for (let look = 0; look < LOOKS * LOOKS; look++) {
      const x = (at % side) + ((look % LOOKS) + 0.5) / LOOKS - side / 2;
      const y = Math.floor(at / side) + (Math.floor(look / LOOKS) + 0.5) / LOOKS - side / 2;
      if (WITHIN[shape](x / radius, y / radius, line / radius)) cover[at]! += 1 / LOOKS ** 2;
    }
  }
  return { side, cover };
}

export interface Style {
  sign: Sign;
  /** Each 0 to 255. */
  colour: readonly [red: number, green: number, blue: number];
}

export interface Painting {
  /** N x 2, in screen pixels. */
  pixels: Float32Array;
  /** Of each point, a place in `styles`; beyond them it is not drawn. */
  kinds: Uint8Array;
  /** 1: faint. */
  faint: Uint8Array;
  styles: readonly Style[];
  /** Kinds that lie above all others. */
  above: readonly number[];
}

/** What is left of a faint point's colour. */
const FAINT = 0.22;

type Picture = Pick<ImageData, 'data' | 'width' | 'height'>;

/** Stamps points on a transparent picture: faint ones below, then the rest in their order, then those above. */
export function paintPoints(picture: Picture, { pixels, kinds, faint, styles, above }: Painting): void {
  const isAbove = Uint8Array.from(styles, (_, kind) => (above.includes(kind) ? 1 : 0));
  for (const [wantFaint, wantAbove] of [
    [1, 0],
    [1, 1],
    [0, 0],
    [0, 1],
  ])
    for (let at = 0; at < kinds.length; at++) {
      const kind = kinds[at]!;
      const style = styles[kind];
      if (style === undefined || faint[at] !== wantFaint || isAbove[kind] !== wantAbove) continue;
      stamp(picture, style, pixels[2 * at]!, pixels[2 * at + 1]!, wantFaint === 1 ? FAINT : 1);
    }
}

/** Porter and Duff's "over", in bytes that are not multiplied by their opacity. */
function stamp(
  { data, width, height }: Picture,
  { sign, colour }: Style,
  x: number,
  y: number,
  opacity: number,
): void {
  const { side, cover } = sign;
  const left = Math.round(x) - (side >> 1);
  const top = Math.round(y) - (side >> 1);
  for (let row = Math.max(0, -top); row < side && top + row < height; row++)
    for (let column = Math.max(0, -left); column < side && left + column < width; column++) {
      const alpha = opacity * cover[row * side + column]!;
      if (alpha === 0) continue;
      const to = 4 * ((top + row) * width + left + column);
      const below = (data[to + 3]! / 255) * (1 - alpha);
      const all = alpha + below;
      for (let channel = 0; channel < 3; channel++)
        data[to + channel] = (colour[channel]! * alpha + data[to + channel]! * below) / all;
      data[to + 3] = 255 * all;
    }
}

/** The bytes of a colour as tokens have it, `#rrggbb`, `#rgb` or `rgb(…)`. */
export function bytesOfColour(colour: string): [number, number, number] {
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (long) return [parseInt(long[1]!, 16), parseInt(long[2]!, 16), parseInt(long[3]!, 16)];
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  if (short)
    return [17 * parseInt(short[1]!, 16), 17 * parseInt(short[2]!, 16), 17 * parseInt(short[3]!, 16)];
  const [red = 128, green = 128, blue = 128] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

const LARGEST = 3.2;
const SMALLEST = 1;
/** Of the side of the square that each point would have for itself. */
const SHARE = 0.35;

/** Radius of a point in the pixels of the map's area: smaller where many share it, so that a group stays a cloud and does not become a blot. */
export const radiusFor = (count: number, area: number): number =>
  Math.min(LARGEST, Math.max(SMALLEST, SHARE * Math.sqrt(area / Math.max(1, count))));
