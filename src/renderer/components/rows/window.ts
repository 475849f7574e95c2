/** Which rows of a long list of equal heights have to exist: first included, last excluded. */
export interface RowWindow {
  first: number;
  last: number;
}

export function visibleRows(
  view: { top: number; height: number },
  rowHeight: number,
  total: number,
  overscan = 8,
): RowWindow {
  const first = Math.floor(view.top / rowHeight) - overscan;
  const last = Math.ceil((view.top + view.height) / rowHeight) + overscan;
  return { first: Math.min(Math.max(first, 0), total), last: Math.min(Math.max(last, 0), total) };
}

/** Numbers of the pages of `size` rows that a window touches. */
export function pagesOf({ first, last }: RowWindow, size: number): number[] {
  if (last <= first) return [];
  const start = Math.floor(first / size);
  const end = Math.floor((last - 1) / size);
  return Array.from({ length: end - start + 1 }, (_, i) => start + i);
}
