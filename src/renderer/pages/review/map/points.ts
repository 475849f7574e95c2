import {
  decisions,
  type DigitRow,
  type EmbeddingMap,
  type EmbeddingReadings,
} from '../../../../shared/contract/index.ts';
import { matches, type ReviewFilter } from '../filter.ts';

/** The digits of a map, a column for each thing that is known of them. */
export interface MapPoints {
  ids: Uint32Array;
  /** N x 2, in the units of the map. */
  places: Float32Array;
  /** -1: none. */
  labels: Int8Array;
  /** -1: the digit has gone. */
  predicted: Int8Array;
  confidence: Float32Array;
  /** Place among `decisions`; -1: none. */
  decisions: Int8Array;
  /** Bits: 1 relabelled, 2 suspected. */
  flags: Uint8Array;
}

/** What colours mean. */
export const colourings = ['label', 'predicted', 'outcome'] as const;
export type Colouring = (typeof colourings)[number];

/** Kinds of points beside the classes 0 to 9. */
export const NONE = 10;
export const RIGHT = 11;
export const WRONG = 12;
export const HIDDEN = 13;

export async function readPlaces(map: EmbeddingMap): Promise<Pick<MapPoints, 'ids' | 'places'>> {
  const [ids, places] = await Promise.all([map.ids.arrayBuffer(), map.places.arrayBuffer()]);
  return { ids: new Uint32Array(ids), places: new Float32Array(places) };
}

export async function readReadings(readings: EmbeddingReadings): Promise<Omit<MapPoints, 'ids' | 'places'>> {
  const { labels, predicted, confidence, decisions: decided, flags } = readings;
  const [a, b, c, d, e] = await Promise.all(
    [labels, predicted, confidence, decided, flags].map((blob) => blob.arrayBuffer()),
  );
  return {
    labels: new Int8Array(a!),
    predicted: new Int8Array(b!),
    confidence: new Float32Array(c!),
    decisions: new Int8Array(d!),
    flags: new Uint8Array(e!),
  };
}

const orNull = (digit: number): number | null => (digit < 0 ? null : digit);

/** A digit as the lists of the engine would have it. */
export function rowAt(points: MapPoints, at: number): DigitRow {
  const flags = points.flags[at]!;
  return {
    ref: `i${points.ids[at]}`,
    label: orNull(points.labels[at]!),
    predicted: orNull(points.predicted[at]!),
    confidence: points.confidence[at]!,
    relabelled: (flags & 1) !== 0,
    decision: decisions[points.decisions[at]!] ?? null,
    // How much is not known here, only that it is.
    ...((flags & 2) !== 0 && { suspicion: 1 }),
  };
}

const REJECTED = decisions.indexOf('rejected');

/** What each point is by a colouring. What has gone, or is no digit, is hidden: no list but that of the rejected shows it. */
export function kindsOf(points: MapPoints, by: Colouring, filter: ReviewFilter): Uint8Array {
  const { labels, predicted, decisions: decided } = points;
  const shows = filter.kind === 'rejected';
  return new Uint8Array(points.ids.length).map((_, at) => {
    if (predicted[at]! < 0 || (decided[at] === REJECTED && !shows)) return HIDDEN;
    const label = labels[at]! < 0 ? NONE : labels[at]!;
    if (by === 'label') return label;
    if (by === 'predicted') return predicted[at]!;
    return label === NONE ? NONE : label === predicted[at] ? RIGHT : WRONG;
  });
}

/** Which points a filter leaves out, 1; they are drawn faint. */
export function faintOf(points: MapPoints, filter: ReviewFilter): Uint8Array {
  const faint = new Uint8Array(points.ids.length);
  if (filter.kind === 'all') return faint;
  return faint.map((_, at) => (matches(filter, rowAt(points, at)) ? 0 : 1));
}
