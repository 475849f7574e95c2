/** The original picture of a digit, with where it was found in it. */
export const original = {
  box: (size: string, left: string, top: string, whole: string) =>
    `Digit found ${left} from the left and ${top} from the top: ${size} of ${whole} pixels`,
  noBox: 'No ink is found in the picture as it is now.',
};
