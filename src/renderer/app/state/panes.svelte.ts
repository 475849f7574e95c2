import { SvelteMap } from 'svelte/reactivity';

const REMEMBERED = 'panes';

function remembered(): [string, number][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(REMEMBERED) ?? '{}');
    return Object.entries(kept ?? {}).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  } catch {
    return [];
  }
}

const widths = new SvelteMap<string, number>(remembered());

/** A pane's width in CSS, as its user left it; undefined where nobody has changed it. */
export function paneWidth(name: string): string | undefined {
  const width = widths.get(name);
  return width === undefined ? undefined : `${width}px`;
}

/** Keeps a pane's width in pixels; null gives it its first width back. */
export function keepPaneWidth(name: string, width: number | null): void {
  if (width === null) widths.delete(name);
  else widths.set(name, Math.round(width));
  localStorage.setItem(REMEMBERED, JSON.stringify(Object.fromEntries(widths)));
}
