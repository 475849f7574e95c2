import type { GreyPicture } from './picture.ts';
import type { Rectangle } from './resample.ts';

/** Half a right angle: no handwriting leans further, and what seems to lies down. */
const MOST_SLANT = 1;

/**
 * A part of an ink picture with its principal axis upright: lines are shifted sideways by the slope that the second moments of the inked pixels give, each counted
 * as one (LeCun et al. 1998, section III.A). As high as the part and as much wider as the shifts need.
 *
 * @param floor pixels below it are no ink
 */
export function deskewed({ width, data }: GreyPicture, part: Rectangle, floor: number): GreyPicture {
  const at = (x: number, y: number): number => data[(part.top + y) * width + part.left + x]!;
  const { slant, middle } = slantOf(at, part, floor);
  const most = Math.ceil(Math.abs(slant) * Math.max(middle, part.height - 1 - middle)) + 1;
  const straight = { width: part.width + 2 * most, height: part.height };
  const target = new Uint8Array(straight.width * straight.height);
  for (let y = 0; y < part.height; y++) {
    const shift = most - slant * (y - middle);
    const whole = Math.floor(shift);
    const share = shift - whole;
    const row = y * straight.width + whole;
    for (let x = 0; x <= part.width; x++) {
      const here = x < part.width ? at(x, y) : 0;
      const before = x > 0 ? at(x - 1, y) : 0;
      target[row + x] = Math.round(here * (1 - share) + before * share);
    }
  }
  return { ...straight, data: target };
}

/** How far a line lies to the right of the one above it, on the average, and the height of the centre of mass. */
function slantOf(
  at: (x: number, y: number) => number,
  { width, height }: Rectangle,
  floor: number,
): { slant: number; middle: number } {
  let [count, sumX, sumY, sumXY, sumYY] = [0, 0, 0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (at(x, y) < floor) continue;
      count++;
      sumX += x;
      sumY += y;
      sumXY += x * y;
      sumYY += y * y;
    }
  const middle = count === 0 ? 0 : sumY / count;
  const down = sumYY - sumY * middle;
  const slant = down > 0 ? (sumXY - sumX * middle) / down : 0;
  return { slant: Math.min(MOST_SLANT, Math.max(-MOST_SLANT, slant)), middle };
}
