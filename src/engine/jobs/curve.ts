import type { CurvePoint } from '../../shared/domain.ts';

/** Most points that a run keeps: more than a chart has columns of pixels for. */
const LIMIT = 1_000;

/**
 * A curve of bounded length. Points are gathered in spans of equal numbers of steps, which double when there are too many of them: the
 * curve always spans the whole run, evenly. Of a span are kept the mean and the least and largest loss (min-max aggregation, the half of M4
 * that keeps spikes: Jugel et al., VLDB 2014), so that what stands out stays visible at any length. Costs the same for every point.
 */
export class Curve {
  #points: CurvePoint[];
  /** Steps of a span; 0 while every point stands for itself. */
  #span = 0;
  /** The last span goes on to take points in. */
  #isOpen = false;

  constructor(points: readonly CurvePoint[] = []) {
    this.#points = [...points];
    const widths = this.#points.map(({ step }, at) => step - this.#before(at));
    if (points.length <= LIMIT / 2) return;
    this.#span = Math.max(...widths);
    this.#isOpen = widths.at(-1)! < this.#span;
    while (this.#points.length > LIMIT) this.#halve();
  }

  get points(): readonly CurvePoint[] {
    return this.#points;
  }

  /** Answers what is to be drawn anew: the points after a step, or after 0 when all of them have changed. */
  add(points: readonly CurvePoint[]): { after: number; points: CurvePoint[] } {
    let from = this.#points.length - (this.#isOpen ? 1 : 0);
    for (const point of points) {
      this.#take(point);
      if (this.#points.length <= LIMIT) continue;
      this.#halve();
      from = 0;
    }
    return { after: this.#before(from), points: this.#points.slice(from) };
  }

  #take(point: CurvePoint): void {
    const at = this.#points.length - 1;
    if (this.#isOpen) this.#points[at] = join(this.#points[at]!, point, this.#before(at));
    else this.#points.push(point);
    const last = this.#points.length - 1;
    this.#isOpen = this.#points[last]!.step - this.#before(last) < this.#span;
  }

  #halve(): void {
    const all = this.#points;
    this.#span = 2 * Math.max(this.#span, all[0]!.step);
    const joined: CurvePoint[] = [];
    for (let at = 0; at < all.length; at += 2) {
      const second = all[at + 1];
      joined.push(second ? join(all[at]!, second, this.#before(at)) : all[at]!);
    }
    this.#points = joined;
    const last = joined.length - 1;
    this.#isOpen = joined[last]!.step - this.#before(last) < this.#span;
  }

  #before(at: number): number {
    return this.#points[at - 1]?.step ?? 0;
  }
}

/** One point for two that follow each other, `before` the step before the first; each weighs as many steps as it is the mean of. */
function join(first: CurvePoint, second: CurvePoint, before: number): CurvePoint {
  const [a, b] = [first.step - before, second.step - first.step];
  const mean = (x: number, y: number): number => (x * a + y * b) / (a + b);
  return {
    step: second.step,
    loss: mean(first.loss, second.loss),
    accuracy: mean(first.accuracy, second.accuracy),
    low: Math.min(first.low ?? first.loss, second.low ?? second.loss),
    high: Math.max(first.high ?? first.loss, second.high ?? second.loss),
  };
}
