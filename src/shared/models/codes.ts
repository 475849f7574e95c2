/** Units of a code: a bitmap of 7 x 12. */
export const CODE_UNITS = 84;

/** Rows of the digits' bitmaps, seven bits each, the leftmost first: LeCun et al. 1998, figure 3. */
const ROWS = [
  '3e 00 1c 36 63 63 63 63 36 1c 00 00',
  '0c 1c 3c 0c 0c 0c 0c 0c 0c 3f 00 00',
  '3e 00 3e 63 43 06 1c 30 60 7f 00 00',
  '7f 03 06 0c 1e 03 03 03 63 3e 00 00',
  '3e 00 00 33 33 73 63 63 67 3f 03 03',
  '3e 00 7f 60 60 3c 1e 03 63 3e 00 00',
  '1e 30 60 60 7e 73 63 63 73 3e 00 00',
  '7f 03 03 06 0c 0c 18 18 18 18 00 00',
  '3e 63 63 63 3e 63 63 63 63 3e 00 00',
  '3e 67 63 63 67 3f 03 03 06 3c 00 00',
];

/** The code of each digit: 84 values, +1 for ink and -1 for paper, row by row. */
export const rbfCodes: readonly (readonly number[])[] = ROWS.map((rows) =>
  rows
    .split(' ')
    .flatMap((row) => [6, 5, 4, 3, 2, 1, 0].map((bit) => ((parseInt(row, 16) >> bit) & 1 ? 1 : -1))),
);
