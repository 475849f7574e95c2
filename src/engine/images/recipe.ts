import type { NormalisationStep } from '../../shared/contract/index.ts';
import { TILE_SIDE, type NormalisationRecipe } from '../../shared/domain.ts';
import { clean } from './clean.ts';
import { deskewed } from './deskew.ts';
import { inkOf } from './ink.ts';
import type { GreyPicture } from './picture.ts';
import { inkTone } from './polarity.ts';
import { resample, whole, type Rectangle } from './resample.ts';
import { ALMOST_FULL } from './threshold.ts';
import { BOX_SIDE, centred, inTheMiddle, isTile } from './tile.ts';

/**
 * Longest sides on which ink is looked for, in turn, until the digit is at least twice as long as its box: a digit that fills its
 * picture needs no more, the grain of large photographs averages out, and a small one is still seen sharp.
 */
const WORKING_SIDES = [96, 384, 1024, Number.POSITIVE_INFINITY];
const LONG_ENOUGH = 2 * BOX_SIDE;
/** Ink is a speck, not a digit, below this many pixels, or this share of the picture's long side. */
const SPECK = 4;
const SPECK_SHARE = 0.01;
/** Strokes reach full ink where this share of the box's inked pixels does; in MNIST it is 255. */
const STROKE_QUANTILE = 0.75;
/** Fainter pixels are edges. */
const EDGE = 32;
const histogram = new Int32Array(256);

export type StepName = NormalisationStep['name'];
/** Sees each step's picture; it must copy what it keeps. */
export type StepObserver = (name: StepName, picture: GreyPicture) => void;

/**
 * The one normalisation, for training and inference: recipe `lenet-studio/geometry`. Grey picture of any size to a
 * 28 x 28 tile, uint8, ink 255 on 0: polarity, ink without its background, set upright if the recipe says so, crop, a box of 20 x 20 that keeps the
 * aspect, centre of mass at the centre (after LeCun et al. 1998, section III.A). Without the crop the whole picture fills the tile, as far as its
 * aspect lets it. What already is such a tile stays as it is, bit for bit, unless it is to be set upright. Null when there is no ink.
 */
export function normalise(
  picture: GreyPicture,
  recipe: NormalisationRecipe,
  observe?: StepObserver,
): Uint8Array | null {
  observe?.('decoded', picture);
  const ready = readyTile(picture, recipe);
  if (ready && !recipe.deskew) {
    for (const step of ['grey', 'ink', 'crop', 'box', 'centred'] as const) observe?.(step, ready);
    return new Uint8Array(ready.data);
  }
  const found = ready ? inkOfTile(ready) : findDigit(picture, !inkIsLight(picture, recipe));
  observe?.('grey', found.grey);
  if (!found.ink) return null;
  observe?.('ink', found.ink);
  const crops = recipe.crop ?? true;
  const { ink, part } = upright(found.ink, crops ? found.crop : whole(found.ink), recipe);
  if (recipe.deskew) observe?.('deskewed', ink);
  if (crops) observe?.('crop', resample(ink, part, part.width, part.height));
  const scale = (crops ? BOX_SIDE : TILE_SIDE) / Math.max(part.width, part.height);
  const box = resample(ink, part, boxLength(part.width * scale), boxLength(part.height * scale));
  strengthen(box);
  observe?.('box', box);
  const tile = crops ? centred(box) : inTheMiddle(box);
  observe?.('centred', { width: TILE_SIDE, height: TILE_SIDE, data: tile });
  return tile;
}

/** A part of an ink picture, set upright if the recipe says so, and where it lies then. */
function upright(
  ink: GreyPicture,
  part: Rectangle,
  { deskew, crop }: NormalisationRecipe,
): { ink: GreyPicture; part: Rectangle } {
  if (!deskew) return { ink, part };
  const straight = deskewed(ink, part, EDGE);
  const bounds = (crop ?? true) ? inkBounds(straight) : null;
  return { ink: straight, part: bounds ?? whole(straight) };
}

const inkOfTile = (tile: GreyPicture): { grey: GreyPicture; ink: GreyPicture; crop: Rectangle } => ({
  ...{ grey: tile, ink: tile },
  crop: inkBounds(tile)!,
});

const boxLength = (length: number): number => Math.max(1, Math.round(length));

function readyTile(picture: GreyPicture, { polarity }: NormalisationRecipe): GreyPicture | null {
  if (polarity !== 'dark-on-light' && isTile(picture)) return picture;
  if (polarity === 'light-on-dark' || picture.width !== TILE_SIDE || picture.height !== TILE_SIDE)
    return null;
  const inverse = inverted(picture);
  return isTile(inverse) ? inverse : null;
}

/** Where `normalise` finds the digit, in pixels of the picture, not rounded; null when there is no ink. What already is a tile has its ink there. */
export function locate(picture: GreyPicture, recipe: NormalisationRecipe): Rectangle | null {
  const ready = readyTile(picture, recipe);
  if (ready) return inkBounds(ready);
  const { grey, ...found } = findDigit(picture, !inkIsLight(picture, recipe));
  if (!found.ink) return null;
  const [across, down] = [picture.width / grey.width, picture.height / grey.height];
  const { left, top, width, height } = found.crop;
  return { left: left * across, top: top * down, width: width * across, height: height * down };
}

/** The ink of a picture, or of its negative when the ink is dark, and where the digit lies in it; ink is null when there is none. */
function findDigit(
  picture: GreyPicture,
  inkIsDark: boolean,
): { grey: GreyPicture } & ({ ink: GreyPicture; crop: Rectangle } | { ink: null }) {
  const length = Math.max(picture.width, picture.height);
  for (const side of WORKING_SIDES) {
    const grey = atMost(picture, side, inkIsDark);
    const ink = inkOf(grey);
    const largest = ink ? clean(ink) : 0;
    const scale = length / Math.max(grey.width, grey.height);
    const crop = ink && !isSpeck(largest * scale, length) ? inkBounds(ink) : null;
    if (length > side && !(crop && Math.max(crop.width, crop.height) >= LONG_ENOUGH)) continue;
    return ink && crop ? { grey, ink, crop } : { grey, ink: null };
  }
  throw new Error('unreachable: the last side is beyond every picture');
}

const isSpeck = (side: number, length: number): boolean =>
  length >= BOX_SIDE && side < Math.max(SPECK, SPECK_SHARE * length);

function atMost(picture: GreyPicture, side: number, invert: boolean): GreyPicture {
  const scale = side / Math.max(picture.width, picture.height);
  if (scale >= 1) return invert ? inverted(picture) : picture;
  return resample(
    picture,
    whole(picture),
    boxLength(picture.width * scale),
    boxLength(picture.height * scale),
    invert,
  );
}

function inkIsLight(picture: GreyPicture, { polarity }: NormalisationRecipe): boolean {
  return polarity === 'auto' ? inkTone(picture) === 'light' : polarity === 'light-on-dark';
}

const inverted = ({ width, height, data }: GreyPicture): GreyPicture => {
  const inverse = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) inverse[at] = 255 - data[at]!;
  return { width, height, data: inverse };
};

function inkBounds({ width, height, data }: GreyPicture): Rectangle | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = row;
    const end = row + width;
    while (first < end && data[first]! < EDGE) first++;
    if (first === end) continue;
    let last = end - 1;
    while (data[last]! < EDGE) last--;
    left = Math.min(left, first - row);
    right = Math.max(right, last - row);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Raises the strokes to full ink where shrinking a thin stroke has made it faint. */
function strengthen({ data }: GreyPicture): void {
  histogram.fill(0);
  let left = 0;
  for (let at = 0; at < data.length; at++) {
    histogram[data[at]!]!++;
    if (data[at]! >= EDGE) left++;
  }
  left *= STROKE_QUANTILE;
  let full = EDGE;
  while (full < ALMOST_FULL && (left -= histogram[full]!) > 0) full++;
  if (full >= ALMOST_FULL) return;
  for (let at = 0; at < data.length; at++) data[at] = Math.min(255, Math.round((data[at]! * 255) / full));
}
