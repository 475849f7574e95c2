import { settings as settingsShape, type Settings } from '../../../shared/contract/index.ts';
import { languageFor, type Language } from '../../../shared/messages/index.ts';
import { client } from '../client.ts';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

/** Where the last settings stand, so that the first picture has theme and language before the engine answers. */
const REMEMBERED = 'settings';

function remembered(): Settings {
  try {
    return settingsShape.parse(JSON.parse(localStorage.getItem(REMEMBERED) ?? 'null'));
  } catch {
    return { language: null, theme: 'system', keys: {} };
  }
}

/** Theme, language and keys: what the engine keeps, and what follows from the system where nothing is set. */
class Preferences {
  settings = $state.raw<Settings>(remembered());
  #systemDark = $state(dark.matches);

  constructor() {
    dark.addEventListener('change', ({ matches }) => (this.#systemDark = matches));
  }

  get language(): Language {
    return this.settings.language ?? languageFor(navigator.languages);
  }

  get theme(): 'light' | 'dark' {
    const { theme } = this.settings;
    return theme === 'system' ? (this.#systemDark ? 'dark' : 'light') : theme;
  }

  async load(): Promise<void> {
    this.settings = await client.settings.get();
  }

  /** Shown at once; what the engine could not keep is taken back. */
  async change(part: Partial<Settings>): Promise<void> {
    const before = this.settings;
    this.settings = { ...before, ...part };
    try {
      this.settings = await client.settings.set(part);
    } catch (error) {
      this.settings = before;
      throw error;
    }
  }
}

export const preferences = new Preferences();

/** Writes theme and language on the document; call in the root component. */
export function applyPreferences(): void {
  $effect.pre(() => {
    document.documentElement.dataset.theme = preferences.theme;
    document.documentElement.lang = preferences.language;
  });
  $effect(() => localStorage.setItem(REMEMBERED, JSON.stringify(preferences.settings)));
}
