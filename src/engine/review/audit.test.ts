import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TILE_BYTES } from '../../shared/domain.ts';
import { addDataFile, addDataSet, addDigit, publishDataSet, removeDataSet } from '../datasets/store.ts';
import { purge } from '../project/purge.ts';
import { single, sql } from '../project/sqlite.ts';
import { createProject, type Project } from '../project/store.ts';
import { signAs, systemUser, writeAudit } from './audit.ts';
import { redoLabel, setLabel, undoLabel } from './journal.ts';

let home: string;
let project: Project;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'studio-audit-'));
  project = createProject(path.join(home, 'project'), 'x');
});
afterEach(() => {
  project.close();
  fs.rmSync(home, { recursive: true, force: true });
});

/** Digits of a data set as refs. */
function digits(labels: number[]): string[] {
  const { db } = project;
  const set = { name: 'Scans', kind: 'folder', source: '/s', root: Buffer.from('/s'), recipe: null } as const;
  const id = addDataSet(db, set);
  const file = { size: null, mtimeNs: null, hash: null, width: null, height: null, reason: null };
  labels.forEach((label, at) => {
    const fileId = addDataFile(db, id, { ...file, path: Buffer.from(`a,${at}.png`), status: 'done' });
    addDigit(db, id, { fileId, position: 0, split: 'train', label, tile: new Uint8Array(TILE_BYTES) });
  });
  publishDataSet(db, id, 'h');
  return sql<{ id: number }>(db, 'SELECT id FROM digit ORDER BY id')
    .all()
    .map(({ id }) => `d${id}`);
}

async function audit(): Promise<string[][]> {
  const file = path.join(home, 'audit.csv');
  const rows = await writeAudit(project.db, file);
  const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('when,who,action,step,what,source,digit,old,new,batch,model,reason');
  expect(lines).toHaveLength(rows + 1);
  // The one quoted field is the name.
  return lines
    .slice(1)
    .map((line) => line.replace(/"([^"]*)"/, (_, name: string) => name.replace(',', '+')).split(','));
}

it('tells who changed what, when and why, one line per digit, undo and redo included', async () => {
  const refs = digits([3, 4, 5]);
  const before = Date.now();
  setLabel(project.db, refs.slice(0, 2), 7, 'smudge');
  signAs(project.db, () => 'Ada');
  undoLabel(project.db);
  signAs(project.db, () => null);
  redoLabel(project.db);
  const lines = await audit();
  expect(lines.map(([, ...line]) => line)).toEqual([
    [systemUser(), 'apply', 'label', 'label', 'Scans', 'a+0.png', '3', '7', '', '', 'smudge'],
    [systemUser(), 'apply', 'label', 'label', 'Scans', 'a+1.png', '4', '7', '', '', 'smudge'],
    ['Ada', 'undo', 'label', 'label', 'Scans', 'a+0.png', '7', '3', '', '', 'smudge'],
    ['Ada', 'undo', 'label', 'label', 'Scans', 'a+1.png', '7', '4', '', '', 'smudge'],
    [systemUser(), 'redo', 'label', 'label', 'Scans', 'a+0.png', '3', '7', '', '', 'smudge'],
    [systemUser(), 'redo', 'label', 'label', 'Scans', 'a+1.png', '4', '7', '', '', 'smudge'],
  ]);
  for (const [at] of lines) expect(Math.abs(Date.parse(at!) - before)).toBeLessThan(60_000);
});

it('outlives the digits it speaks of', async () => {
  const refs = digits([3]);
  setLabel(project.db, refs, 7);
  removeDataSet(project.db, 1);
  await purge(project.db);
  expect(single(project.db, 'SELECT COUNT(*) FROM digit')).toBe(0);
  expect((await audit())[0]).toContain('a+0.png');
});

it.each([
  `UPDATE audit_line SET new = '8'`,
  'DELETE FROM audit_line',
  `UPDATE journal_event SET who = 'nobody'`,
  'DELETE FROM journal_event',
])('cannot be edited: %s', (statement) => {
  setLabel(project.db, digits([3]), 7);
  expect(() => project.db.exec(statement)).toThrow('the audit trail cannot be edited');
  expect(
    single(project.db, 'SELECT COUNT(*) FROM audit_line JOIN journal_event ON event_id = journal_event.id'),
  ).toBe(1);
});
