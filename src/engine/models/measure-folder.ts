import path from 'node:path';
import type { MeasuredConfidence } from '../../shared/contract/confidence.ts';
import { keepTemperature } from '../batches/temperature.ts';
import { loadData, type LoadOptions } from '../datasets/load.ts';
import { realFolder } from '../project/real-folder.ts';
import { sql } from '../project/sqlite.ts';
import { isProject, openProject, type Project } from '../project/store.ts';
import { measureModel, type MeasureOptions } from './measure.ts';
import { readModel } from './store.ts';

export interface MeasureFolderOptions
  extends
    Pick<MeasureOptions, 'compute' | 'modelFolder' | 'split' | 'onProgress' | 'signal'>,
    Pick<LoadOptions, 'source' | 'reader'> {
  /** Files that were read so far. */
  onLoad?: (files: number) => void;
}

/**
 * Measures a model on digits that are in no project. A model of a project is measured as the window does it: batches that it read keep their temperature. Throws what
 * `loadData` and `measureModel` throw, and `project-…` when that project cannot be changed now.
 */
export async function measureFolder(
  options: MeasureFolderOptions,
): Promise<{ confidence: MeasuredConfidence; bad: number }> {
  const { source, reader, signal, onLoad } = options;
  const { card } = await readModel(options.modelFolder);
  const modelFolder = await realFolder(options.modelFolder);
  const project = projectOf(modelFolder);
  try {
    const data = await loadData({
      ...{ source, reader, recipe: card.normalisation },
      ...(signal && { signal }),
      ...(onLoad && { onProgress: onLoad }),
    });
    const confidence = await measureModel({
      ...{ ...options, modelFolder, data },
      beforeWriting(temperature) {
        if (!project) return;
        const rows = sql<{ id: number }>(project.db, 'SELECT id FROM model WHERE folder = ?');
        for (const { id } of rows.all(path.basename(modelFolder)))
          keepTemperature(project.db, id, temperature);
      },
    });
    return { confidence, bad: data.bad };
  } finally {
    project?.close();
  }
}

/** The project that a model's folder lies in, opened; null when it lies in none. */
function projectOf(modelFolder: string): Project | null {
  const models = path.dirname(modelFolder);
  const place = path.dirname(models);
  return path.basename(models) === 'models' && isProject(place) ? openProject(place) : null;
}
