import { z } from 'zod';

const length = z.int().min(1);
const from = z.int().min(0);

/** Where the normalisation found the digit: pixels of the original picture after EXIF orientation, whole ones, none of the digit outside. */
export const digitBox = z
  .object({
    left: from,
    top: from,
    width: length,
    height: length,
    picture: z.object({ width: length, height: length }),
  })
  .refine(
    ({ left, top, width, height, picture }) =>
      left + width <= picture.width && top + height <= picture.height,
  );
export type DigitBox = z.infer<typeof digitBox>;
