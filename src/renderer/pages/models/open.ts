import { client } from '../../app/client.ts';
import { errorText, isEngineGone, text } from '../../app/i18n.ts';
import { go, notify } from '../../app/state.svelte.ts';
import type { SourceId } from './sources.ts';
import { modelsView } from './view.svelte.ts';

/** Shows one digit inside a model on the Models page; says so where it is set aside, and no list there has it. */
export async function openInside(modelId: number, ref: string): Promise<void> {
  try {
    const place = await client.digits.place({ ref });
    if (place === null) return notify(text().decide.why.leftOut);
    const { in: list, index } = place;
    const source: SourceId = list.kind === 'batch' ? `b${list.batchId}` : `d${list.dataSetId} ${list.split}`;
    Object.assign(modelsView, { modelId, view: 'inside', source, label: null, index, target: null });
    go('models');
  } catch (error) {
    if (!isEngineGone(error)) notify(errorText(error), 'bad');
  }
}
