import { forgetWithProject } from '../../app/state.svelte.ts';
import type { SourceId } from './sources.ts';

export type Picture = 'digit' | 'signed' | 'magnitude';

interface ModelsView {
  /** Null: the newest. */
  modelId: number | null;
  view: 'inside' | 'architecture' | 'confidence';
  /** Where digits come from; null: the first there is. */
  source: SourceId | null;
  /** Null: any. */
  label: number | null;
  /** Place among the digits of that source and label. */
  index: number;
  /** The class whose saliency is shown; null: the one that is answered. */
  target: number | null;
  picture: Picture;
}

const first: ModelsView = {
  modelId: null,
  view: 'inside',
  source: null,
  label: null,
  index: 0,
  target: null,
  picture: 'digit',
};

/** What was looked at on the Models page; a look at another page loses none of it. */
export const modelsView = $state<ModelsView>({ ...first });

forgetWithProject(() => Object.assign(modelsView, first));
