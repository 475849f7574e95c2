import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { filingActions, type FilingAction } from '../../shared/contract/filing.ts';
import { reasonCodes, StudioError, type ReasonCode } from '../../shared/errors.ts';
import { csvField } from '../batches/csv.ts';
import { parseCsv } from '../datasets/csv-text.ts';
import { escapeName, unescapeName } from '../files/names.ts';
import { errorCode } from '../files/reasons.ts';
import { writeFileAtomic } from '../project/atomic.ts';
import { classFolders } from './class-folders.ts';

/** What is to become of one file, or became of it. */
export interface ManifestLine {
  /** Below the classified folder. */
  path: Buffer;
  /** One of `classFolders`, below the folder that the manifest lies in. */
  folder: string;
  /** In that folder. */
  name: Buffer;
  /** SHA-256 of what was classified, hex; empty for a file that could not be read. */
  hash: string;
  state: LineState;
}

/** A reason: the file was left where it is; with `kept`: in its class folder, when it was to come back. */
type LineState = 'planned' | 'done' | ReasonCode | `kept ${ReasonCode}`;

/** Whether its file may lie in its class folder. */
export const mayBeFiled = (state: LineState): state is Exclude<LineState, ReasonCode> =>
  state === 'planned' || state === 'done' || state.startsWith('kept ');

/** The plan of a filing, written before the first file is touched: with it and the files it can be finished or undone, whatever happened. */
export interface Manifest {
  file: string;
  action: FilingAction;
  /** The classified folder. */
  root: Buffer;
  /** Links below it are followed; only files that are copied are reached by them. */
  follow: boolean;
  total: number;
}

const HEADER = 'action,folder,path,target,sha256,state\n';
/** The action of copies that may have been reached by links. */
const COPY_LINKS = 'copy-links';
const NAME = 'lenet-studio-manifest';
/** Lines that are handed out at a time. */
const CHUNK = 64;
/** Characters without an end of a line that a manifest of ours never has. */
const LONGEST = 1_000_000;

/** A name for a manifest that no file of the folder has. */
export async function freeManifest(target: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = path.join(target, number === 1 ? `${NAME}.csv` : `${NAME}-${number}.csv`);
    if (!(await isThere(file))) return file;
  }
}

export const isThere = async (file: string | Buffer): Promise<boolean> =>
  fs.lstat(file).then(
    () => true,
    () => false,
  );

/** Writes a manifest so that it is there whole or not at all, and answers its number of lines. Throws `disk-full`, `cannot-write`. */
export async function writeManifest(
  { file, action, root, follow }: Omit<Manifest, 'total'>,
  chunks: AsyncIterable<readonly ManifestLine[]>,
): Promise<number> {
  let total = 0;
  const start = `${follow ? COPY_LINKS : action},${csvField(escapeName(root))}`;
  await writeFileAtomic(file, async (handle) => {
    await handle.writeFile(HEADER);
    for await (const lines of chunks) {
      total += lines.length;
      await handle.writeFile(lines.map((line) => `${start},${textOf(line)}\n`).join(''));
    }
  });
  return total;
}

function textOf({ path: from, folder, name, hash, state }: ManifestLine): string {
  const target = `${folder}/${escapeName(name)}`;
  return `${csvField(escapeName(from))},${csvField(target)},${hash},${state}`;
}

/** Looks a manifest through. Throws `manifest-unreadable` for what is none of the studio's or leads out of its folders. */
export async function readManifest(file: string): Promise<Manifest> {
  let first: Pick<Manifest, 'action' | 'root' | 'follow'> | undefined;
  let total = 0;
  for await (const { action, root, follow } of records(file)) {
    first ??= { action, root, follow };
    if (action !== first.action || follow !== first.follow || !root.equals(first.root))
      throw unreadable(file, `line ${total + 2}`);
    total++;
  }
  return { file, total, ...(first ?? { action: 'copy', root: Buffer.alloc(0), follow: false }) };
}

/** Its lines in their order, a few at a time. Throws `manifest-unreadable`. */
export async function* manifestLines(file: string): AsyncGenerator<ManifestLine[]> {
  let chunk: ManifestLine[] = [];
  for await (const { line } of records(file)) {
    chunk.push(line);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

interface ManifestRecord {
  action: FilingAction;
  root: Buffer;
  follow: boolean;
  line: ManifestLine;
}

async function* records(file: string): AsyncGenerator<ManifestRecord> {
  let number = 0;
  for await (const text of csvRecords(file)) {
    number++;
    if (number === 1) {
      if (`${text}\n` !== HEADER) throw unreadable(file, 'line 1');
      continue;
    }
    const record = recordOf(parseCsv(text, ',')[0] ?? []);
    if (record === null) throw unreadable(file, `line ${number}`);
    yield record;
  }
  if (number === 0) throw unreadable(file, 'empty');
}

/** The text between line ends that no quotes hold. */
async function* csvRecords(file: string): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const piece of createReadStream(file, 'utf8') as AsyncIterable<string>) {
      const parts = (rest + piece).split('\n');
      rest = '';
      for (const [index, part] of parts.entries()) {
        const text = rest + part;
        const isWhole = index < parts.length - 1 && (text.match(/"/g)?.length ?? 0) % 2 === 0;
        if (isWhole) yield text;
        rest = isWhole ? '' : index < parts.length - 1 ? `${text}\n` : text;
      }
      if (rest.length > LONGEST) throw unreadable(file, 'no line end');
    }
  } catch (error) {
    throw error instanceof StudioError ? error : unreadable(file, errorCode(error));
  }
  if (rest !== '') throw unreadable(file, 'no line end');
}

const isAction = (text: string | undefined): text is FilingAction =>
  (filingActions as readonly (string | undefined)[]).includes(text);
const states: readonly string[] = [
  ...['planned', 'done', ...reasonCodes],
  ...reasonCodes.map((code) => `kept ${code}`),
];

function recordOf([stated, root, from, target, hash, state, more]: string[]): ManifestRecord | null {
  const follow = stated === COPY_LINKS;
  const action = follow ? 'copy' : stated;
  const [folder, name, deeper] = target?.split('/') ?? [];
  if (!isAction(action) || !root || !from || more !== undefined || state === undefined) return null;
  if (!folder || !classFolders.includes(folder) || !name || deeper !== undefined) return null;
  if (!/^([0-9a-f]{64})?$/.test(hash ?? '') || !states.includes(state)) return null;
  const rootBytes = unescapeName(root);
  const nameBytes = unescapeName(name);
  const parts = unescapeName(from).toString('latin1').split('/');
  if (!path.isAbsolute(rootBytes.toString()) || nameBytes.includes('/')) return null;
  if ([...parts, nameBytes.toString('latin1')].some((part) => part === '' || part === '.' || part === '..'))
    return null;
  const line = { path: unescapeName(from), folder, name: nameBytes, hash: hash!, state } as ManifestLine;
  return { action, root: rootBytes, follow, line };
}

export const unreadable = (file: string, detail: string): StudioError =>
  new StudioError('manifest-unreadable', { file, detail });
