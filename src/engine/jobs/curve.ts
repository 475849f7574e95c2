import type { CurvePoint } from '../../shared/domain.ts';

/** Most points that a run keeps. */
const LIMIT = 2_000;

/** A curve of bounded length: when it grows too long, neighbours are joined, so that it always spans the whole run. */
export class Curve {
  #points: CurvePoint[];

  constructor(points: readonly CurvePoint[] = []) {
    this.#points = [...points];
  }

  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  add(points: readonly CurvePoint[]): void {
    this.#points.push(...points);
    while (this.#points.length > LIMIT) this.#points = halve(this.#points);
  }
}

/** Joins points in pairs, each weighing as many steps as it is the mean of. */
function halve(points: readonly CurvePoint[]): CurvePoint[] {
  const joined: CurvePoint[] = [];
  for (let index = 0; index < points.length; index += 2) {
    const [first, second] = [points[index]!, points[index + 1]];
    if (!second) {
      joined.push(first);
      continue;
    }
    const a = first.step - (points[index - 1]?.step ?? 0);
    const b = second.step - first.step;
    const mean = (x: number, y: number): number => (x * a + y * b) / (a + b);
    joined.push({
      step: second.step,
      loss: mean(first.loss, second.loss),
      accuracy: mean(first.accuracy, second.accuracy),
    });
  }
  return joined;
}
