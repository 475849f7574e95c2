import path from 'node:path';
import { settings, type Settings } from '../../shared/contract/index.ts';
import { JsonFile } from './json-file.ts';

/** What the user chose, for all projects. */
export class SettingsStore {
  readonly #file: JsonFile<typeof settings>;

  constructor(userData: string) {
    this.#file = new JsonFile(path.join(userData, 'settings.json'), settings, {
      language: null,
      theme: 'system',
      keys: {},
    });
  }

  get(): Settings {
    return this.#file.value;
  }

  /** Throws `disk-full` or `cannot-write`. */
  async set(changes: Partial<Settings>): Promise<Settings> {
    await this.#file.write({ ...this.#file.value, ...changes });
    return this.#file.value;
  }
}
