import { createSubscriber } from 'svelte/reactivity';

/** Tokens of the theme that charts draw with. */
export type ColourToken =
  | `--series-${1 | 2 | 3 | 4 | 5 | 6}`
  | `--class-${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`
  | '--accent'
  | '--bad'
  | '--good'
  | '--text'
  | '--text-2'
  | '--text-3'
  | '--line'
  | '--line-strong'
  | '--surface'
  | '--raised';

/** Runs again whoever read a token, when the theme changes by the user or with the system. */
const themeChanges = createSubscriber((update) => {
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', update);
  return () => {
    observer.disconnect();
    system.removeEventListener('change', update);
  };
});

/** The value of a token on the page now, for a canvas; reactive in effects. */
export function tokenValue(token: ColourToken | '--font'): string {
  themeChanges();
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
