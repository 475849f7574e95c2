import { bridge } from '../bridge.ts';
import { errorText, isEngineGone } from '../i18n.ts';
import { notify } from './toasts.svelte.ts';

/** Writing to a file that the user chooses, one at a time; how it ended is said in a toast. */
export class Saving {
  /** A browser has no dialog to save with. */
  readonly possible = 'pickSaveFile' in bridge;
  busy = $state(false);

  /** `write` is given the place; `saved` says where it is then. */
  async save(
    suggestedName: string,
    write: (place: string) => Promise<{ file: string }>,
    saved: (file: string) => string,
  ): Promise<void> {
    if (this.busy || !('pickSaveFile' in bridge)) return;
    this.busy = true;
    try {
      const place = await bridge.pickSaveFile(suggestedName);
      if (place !== null) notify(saved((await write(place.id)).file), 'good');
    } catch (error) {
      if (!isEngineGone(error)) notify(errorText(error), 'bad');
    } finally {
      this.busy = false;
    }
  }
}
