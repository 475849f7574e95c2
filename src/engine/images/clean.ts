import { Labelled, type Component } from './components.ts';
import type { GreyPicture } from './picture.ts';

/** Below this size every pixel matters: there is no room for specks. */
const TOO_SMALL_FOR_SPECKS = 20;
/** Ink that ties pixels together; fainter ink stays where it touches some that is kept. */
const FLOOR = 32;
/** One pen wrote the digit: a part that stays fainter than this share of the strongest is a shadow. */
const SHADOW = 0.5;
/** A part of the digit is at least this share of its largest part, near it or far from it. */
const NEAR_SHARE = 0.02;
const FAR_SHARE = 0.3;
/** Near is a gap of this share of the largest part's long side. */
const NEAR = 0.25;
/** A frame or ruled line lies within this share of its picture's side from the border, with nearly all of its ink. */
const FRAME_RING = 0.12;
const FRAME_INK = 0.95;
/** And it runs along this share of a side. */
const FRAME_RUN = 0.7;
/** What is left when a frame goes must be worth it: a share of the frame's ink. */
const BESIDE_FRAME = 0.1;

/**
 * Takes specks, frames and ruled lines at the border out of an ink picture, in place. Returns the long side of what is largest
 * then, in pixels; 0 without ink.
 */
export function clean(ink: GreyPicture): number {
  const longSide = Math.max(ink.width, ink.height);
  if (longSide < TOO_SMALL_FOR_SPECKS) return longSide;
  const labelled = new Labelled(ink, FLOOR);
  const { main, kept } = digitParts(ink, labelled);
  if (!main) return 0;
  labelled.keep(kept);
  return sideOf(main);
}

const sideOf = ({ left, top, right, bottom }: Component): number => Math.max(right - left, bottom - top) + 1;

/** Which components make up the digit, as 1 at their numbers, and the one with the most ink. */
function digitParts(ink: GreyPicture, labelled: Labelled): { main: Component | undefined; kept: Uint8Array } {
  const all = labelled.components.map((component, index) => ({ component, label: index + 1 }));
  const frames = frameLabels(ink, labelled);
  const beside = all.filter(({ label }) => !frames.has(label));
  const peak = beside.reduce((most, { component }) => Math.max(most, component.peak), 0);
  const inside = beside.filter(({ component }) => component.peak >= SHADOW * peak);
  const insideMass = inside.reduce((most, { component }) => Math.max(most, component.mass), 0);
  const frameMass = all.reduce(
    (most, { component, label }) => (frames.has(label) ? Math.max(most, component.mass) : most),
    0,
  );
  const parts = insideMass >= BESIDE_FRAME * frameMass ? inside : all;
  const main = parts
    .map(({ component }) => component)
    .reduce<Component | undefined>((most, one) => (most && most.mass >= one.mass ? most : one), undefined);
  const kept = new Uint8Array(all.length + 1);
  for (const { component, label } of parts) if (main && belongs(component, main)) kept[label] = 1;
  return { main, kept };
}

function belongs(part: Component, main: Component): boolean {
  if (part === main) return true;
  const gap = Math.max(
    part.left - main.right,
    main.left - part.right,
    part.top - main.bottom,
    main.top - part.bottom,
  );
  return part.mass >= main.mass * (gap <= NEAR * sideOf(main) ? NEAR_SHARE : FAR_SHARE);
}

function frameLabels(ink: GreyPicture, labelled: Labelled): Set<number> {
  const candidates = new Set<number>();
  labelled.components.forEach((component, index) => {
    if (runsAlong(component, ink)) candidates.add(index + 1);
  });
  if (candidates.size === 0) return candidates;
  const ring = inkInRing(ink, labelled);
  for (const label of candidates)
    if (ring[label]! < FRAME_INK * labelled.components[label - 1]!.mass) candidates.delete(label);
  return candidates;
}

/** Per label the ink near the border. */
function inkInRing({ width, height, data }: GreyPicture, labelled: Labelled): Float64Array {
  const ring = new Float64Array(labelled.components.length + 1);
  const [deepX, deepY] = [FRAME_RING * width, FRAME_RING * height];
  for (const { start, end, label } of labelled.runs()) {
    const y = Math.floor(start / width);
    const row = y * width;
    const whole = y < deepY || y >= height - deepY;
    for (let at = start; at < end; at++)
      if (whole || at - row < deepX || at - row >= width - deepX) ring[label]! += data[at]!;
  }
  return ring;
}

const runsAlong = (part: Component, { width, height }: GreyPicture): boolean =>
  part.right - part.left + 1 >= FRAME_RUN * width || part.bottom - part.top + 1 >= FRAME_RUN * height;
