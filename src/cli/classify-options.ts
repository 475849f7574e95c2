import type { ClassifyWish } from './classify.ts';
import type { FilingOptions } from './filing-options.ts';

/** As they come from the command line. */
export interface ClassifyOptions
  extends
    FilingOptions,
    Pick<ClassifyWish, 'format' | 'followLinks' | 'maxError' | 'maxRejected' | 'threshold'> {
  model?: string;
  out?: string;
  project?: string;
  resume?: boolean;
  verify?: boolean;
  watch?: boolean;
  json?: boolean;
}

/** What the options ask for; `fail` is told the first option that they need beside them. */
export function classifyWish(
  folder: string,
  { model, out, project, resume, verify, watch, json: _, ...rest }: ClassifyOptions,
  fail: (missing: string) => never,
): ClassifyWish {
  if (rest.folders && rest.copyTo === undefined && rest.moveTo === undefined) return fail('--copy-to');
  if (project === undefined) {
    if (resume || verify || watch) return fail('--project');
    return { folder, ...rest, model: model ?? fail('--model'), out: out ?? fail('--out') };
  }
  if (model === undefined && !resume) return fail('--model');
  return {
    folder,
    ...rest,
    project,
    ...(model !== undefined && { model }),
    ...(out !== undefined && { out }),
    ...(resume && { resume }),
    ...(verify && { verify }),
    ...(watch && { watch }),
  };
}
