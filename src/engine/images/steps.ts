import type { NormalisationRecipe } from '../../shared/domain.ts';
import type { GreyPicture } from './picture.ts';
import { normalise } from './recipe.ts';
import { resample, whole } from './resample.ts';
import type { StepPicture } from './types.ts';

/** Longest side of a step's picture in the preview. */
const PREVIEW_SIDE = 512;

/** How a decoded picture becomes a tile, step by step; large steps are shrunk for the eye. */
export function stepsOf(decoded: GreyPicture, recipe: NormalisationRecipe): StepPicture[] {
  const steps: StepPicture[] = [];
  normalise(decoded, recipe, (name, picture) => {
    const { width, height, data } = preview(picture);
    steps.push({ name, width, height, pixels: data });
  });
  return steps;
}

/** A copy, small enough to look at. */
function preview(picture: GreyPicture): GreyPicture {
  const scale = Math.min(1, PREVIEW_SIDE / Math.max(picture.width, picture.height));
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  if (scale === 1) return { ...picture, data: new Uint8Array(picture.data) };
  return resample(picture, whole(picture), side(picture.width), side(picture.height));
}
