/** Places in a list, from `from` to before `to`. */
export interface Range {
  from: number;
  to: number;
}
/** Ascending, none touches the next. */
export type Ranges = readonly Range[];

export const countIn = (ranges: Ranges): number => ranges.reduce((sum, { from, to }) => sum + to - from, 0);

export const hasPlace = (ranges: Ranges, place: number): boolean =>
  ranges.some(({ from, to }) => from <= place && place < to);

/** Both ends are in it, whichever comes first. */
export const rangeBetween = (one: number, other: number): Range => ({
  from: Math.min(one, other),
  to: Math.max(one, other) + 1,
});

export function withRange(ranges: Ranges, added: Range): Ranges {
  const apart = ranges.filter(({ from, to }) => to < added.from || from > added.to);
  const joined = ranges.filter((range) => !apart.includes(range));
  const from = Math.min(added.from, ...joined.map((range) => range.from));
  const to = Math.max(added.to, ...joined.map((range) => range.to));
  return [...apart, { from, to }].sort((a, b) => a.from - b.from);
}

/** Without the place if it is there, with it if it is not. */
export const togglePlace = (ranges: Ranges, place: number): Ranges =>
  hasPlace(ranges, place)
    ? ranges.flatMap(({ from, to }) =>
        place < from || place >= to
          ? [{ from, to }]
          : [
              { from, to: place },
              { from: place + 1, to },
            ].filter((range) => range.from < range.to),
      )
    : withRange(ranges, { from: place, to: place + 1 });
