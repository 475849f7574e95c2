import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ExportFormat } from '../../../shared/contract/model-card.ts';
import { StudioError } from '../../../shared/errors.ts';
import { writeFileAtomic, writeFolderAtomic } from '../../project/atomic.ts';
import type { StoredModel } from '../store.ts';
import { cardJson, cardMarkdown } from './card.ts';
import { onnxOf } from './onnx.ts';
import { METADATA, tfjsOf } from './tfjs.ts';
import { TFJS_FILE } from './tfjs-graph.ts';

export interface ExportOptions {
  format: ExportFormat;
  /** A file; a folder for TensorFlow.js. */
  target: string;
  /** What is there may be replaced: a file, or a folder that an export of the studio alone is in. */
  replace: boolean;
  studioVersion: string;
}

/** Writes a model for other programs and people, as a whole or not at all. Throws `file-exists`, `cannot-write`, `disk-full`. */
export async function exportModel(model: StoredModel, options: ExportOptions): Promise<void> {
  const { format, target, replace, studioVersion } = options;
  if (format === 'tfjs') {
    const files = tfjsOf(model, studioVersion);
    const isOurs = (names: readonly string[]): Promise<boolean> =>
      isExport(target, names, Object.keys(files));
    return writeFolderAtomic(target, files, async (names) => replace && (await isOurs(names)));
  }
  const there = await stat(target).catch(() => null);
  if (there && (!replace || !there.isFile())) throw new StudioError('file-exists', { file: target });
  await writeFileAtomic(target, fileOf(model, format, studioVersion));
}

function fileOf(model: StoredModel, format: Exclude<ExportFormat, 'tfjs'>, version: string): Uint8Array {
  switch (format) {
    case 'onnx':
      return onnxOf(model, version);
    case 'card-markdown':
      return new TextEncoder().encode(cardMarkdown(model));
    case 'card-json':
      return new TextEncoder().encode(cardJson(model));
  }
}

/** Whether a folder holds an earlier export to TensorFlow.js and nothing else. */
async function isExport(
  folder: string,
  names: readonly string[],
  files: readonly string[],
): Promise<boolean> {
  if (!names.every((name) => files.includes(name))) return false;
  try {
    const text = await readFile(path.join(folder, TFJS_FILE), 'utf8');
    const content = JSON.parse(text) as { userDefinedMetadata?: Record<string, unknown> };
    return content.userDefinedMetadata?.[METADATA] !== undefined;
  } catch {
    return false;
  }
}
