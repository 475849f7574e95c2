/** How places become pixels: one scale for both axes, so that distances are true, and upwards is up. */
export interface Fit {
  scale: number;
  left: number;
  top: number;
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Centred within `width` x `height` pixels, `margin` free all round. */
export function fitOf(places: Float32Array, width: number, height: number, margin: number): Fit {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let at = 0; at < places.length; at += 2) {
    left = Math.min(left, places[at]!);
    right = Math.max(right, places[at]!);
    low = Math.min(low, places[at + 1]!);
    high = Math.max(high, places[at + 1]!);
  }
  if (left > right) return { scale: 1, left: width / 2, top: height / 2 };
  const room = (pixels: number, span: number): number =>
    span > 0 ? Math.max(1, pixels - 2 * margin) / span : Infinity;
  const both = Math.min(room(width, right - left), room(height, high - low));
  const scale = Number.isFinite(both) ? both : 1;
  return {
    scale,
    left: width / 2 - (scale * (left + right)) / 2,
    top: height / 2 + (scale * (low + high)) / 2,
  };
}

/** N x 2 pixels of N x 2 places. */
export function toPixels(places: Float32Array, { scale, left, top }: Fit): Float32Array {
  return places.map((value, at) => (at % 2 === 0 ? left + scale * value : top - scale * value));
}

/** Whether a point lies within a polygon, x and y of its corners in turn, by the even-odd rule; the last corner joins the first. */
export function isInside(x: number, y: number, corners: readonly number[]): boolean {
  let inside = false;
  for (let at = 0, last = corners.length - 2; at < corners.length; last = at, at += 2) {
    const [ax, ay, bx, by] = [corners[at]!, corners[at + 1]!, corners[last]!, corners[last + 1]!];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

export function boundsOf(corners: readonly number[]): Rectangle {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let at = 0; at < corners.length; at += 2) {
    bounds.left = Math.min(bounds.left, corners[at]!);
    bounds.right = Math.max(bounds.right, corners[at]!);
    bounds.top = Math.min(bounds.top, corners[at + 1]!);
    bounds.bottom = Math.max(bounds.bottom, corners[at + 1]!);
  }
  return bounds;
}

export const cornersOf = ({ left, top, right, bottom }: Rectangle): number[] => [
  ...[left, top, right, top],
  ...[right, bottom, left, bottom],
];

/** Which of N x 2 pixels lie within a polygon, those of `takes` alone. */
export function pointsInside(
  pixels: Float32Array,
  corners: readonly number[],
  takes: (at: number) => boolean,
): number[] {
  const { left, top, right, bottom } = boundsOf(corners);
  const found: number[] = [];
  for (let at = 0; 2 * at < pixels.length; at++) {
    const [x, y] = [pixels[2 * at]!, pixels[2 * at + 1]!];
    if (x >= left && x <= right && y >= top && y <= bottom && takes(at) && isInside(x, y, corners))
      found.push(at);
  }
  return found;
}

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';
const AHEAD: Record<Direction, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
export const isDirection = (key: string): key is Direction => key in AHEAD;
export const stepOf = (key: Direction): readonly [x: number, y: number] => AHEAD[key];

/**
 * The nearest point in a direction, at least `least` pixels ahead: within 45 degrees of it, or where there is none, anywhere ahead. Null: there is none.
 */
export function pointAhead(
  pixels: Float32Array,
  from: number,
  key: Direction,
  takes: (at: number) => boolean,
  least = 0,
): number | null {
  const [stepX, stepY] = AHEAD[key];
  const [x, y] = [pixels[2 * from]!, pixels[2 * from + 1]!];
  let [best, bestDistance, bestIsAhead]: [number | null, number, boolean] = [null, Infinity, false];
  for (let at = 0; 2 * at < pixels.length; at++) {
    const [dx, dy] = [pixels[2 * at]! - x, pixels[2 * at + 1]! - y];
    const ahead = dx * stepX + dy * stepY;
    if (ahead <= least || !takes(at)) continue;
    const aside = Math.abs(dx * stepY) + Math.abs(dy * stepX);
    const isAhead = aside <= ahead;
    if (bestIsAhead && !isAhead) continue;
    const distance = Math.hypot(ahead, aside);
    if (distance >= bestDistance && isAhead === bestIsAhead) continue;
    [best, bestDistance, bestIsAhead] = [at, distance, isAhead];
  }
  return best;
}
