import { expect, it } from 'vitest';
import { openProject, type Project } from '../project/store.ts';
import { projectForEach } from '../project/project.testing.ts';
import { decide } from './decide.ts';
import { digitPage } from './page.ts';
import { folderBatch } from './review.testing.ts';
import { keyDigit, keyingState, startKeying, unkeyDigit } from './second-keying.ts';

let project: Project;
let folder: string;
projectForEach(
  (made, place) => ([project, folder] = [made, place]),
  () => project,
);

/** Twenty digits read as their place, ten of them accepted and two rejected. */
function reviewed(): { batch: number; decided: Map<string, number | null> } {
  const batch = folderBatch(
    project.db,
    Array.from({ length: 20 }, (_, at): [null, number, number] => [null, at % 10, 0.9]),
  );
  const { rows } = digitPage(project.db, { kind: 'batch', batchId: batch, order: 'path' }, 0, 100);
  const refs = rows.map(({ ref }) => ref);
  decide(project.db, [{ refs: refs.slice(0, 10), act: { kind: 'accept' } }]);
  decide(project.db, [{ refs: refs.slice(10, 12), act: { kind: 'reject' } }]);
  const accepted = rows.slice(0, 10).map(({ ref, predicted }) => [ref, predicted] as const);
  return { batch, decided: new Map([...accepted, [refs[10]!, null], [refs[11]!, null]]) };
}

it('is blind: the next digit comes with its picture and nothing else', () => {
  const { batch, decided } = reviewed();
  const { total, keyed, next, kappa } = startKeying(project.db, batch, 100);
  expect([total, keyed, kappa]).toEqual([12, 0, null]);
  expect(Object.keys(next!).sort()).toEqual(['pixels', 'ref']);
  expect(decided.has(next!.ref)).toBe(true);
});

it('tells how often both agree, and where they do not', async () => {
  const { batch, decided } = reviewed();
  let state = startKeying(project.db, batch, 100);
  const order: string[] = [];
  while (state.next !== null) {
    const { ref } = state.next;
    order.push(ref);
    const first = decided.get(ref)!;
    // The second person takes every 3 for a 5 and sees a digit in one that was rejected.
    const second = first === 3 ? 5 : ref === [...decided.keys()][11] ? 8 : first;
    state = keyDigit(project.db, batch, ref, second);
  }
  expect(new Set(order)).toEqual(new Set(decided.keys()));
  expect([state.keyed, state.agreed]).toEqual([12, 10]);
  expect(state.disagreements.map(({ decided: a, keyed: b }) => [a, b]).sort()).toEqual([
    [null, 8],
    [3, 5],
  ]);
  expect((await state.pixels.arrayBuffer()).byteLength).toBe(2 * 784);
  expect(state.kappa).toBeGreaterThan(0.7);
  // What was decided otherwise meanwhile is no disagreement any more.
  const [one] = state.disagreements.filter(({ keyed }) => keyed === 5);
  decide(project.db, [{ refs: [one!.ref], act: { kind: 'label', label: 5 } }]);
  expect(keyingState(project.db, batch)).toMatchObject({ keyed: 12, agreed: 11 });
});

it('goes on after a restart, and takes the last key back', () => {
  const { batch } = reviewed();
  const first = startKeying(project.db, batch, 5);
  expect(first.total).toBe(5);
  const second = keyDigit(project.db, batch, first.next!.ref, 1);
  project.close();
  project = openProject(folder);
  expect(keyingState(project.db, batch)).toMatchObject({ keyed: 1, next: { ref: second.next!.ref } });
  expect(unkeyDigit(project.db, batch)).toMatchObject({ keyed: 0, next: { ref: first.next!.ref } });
  expect(unkeyDigit(project.db, batch)).toMatchObject({ keyed: 0 });
});

it('needs something that was decided', () => {
  const batch = folderBatch(project.db, [[null, 1, 0.9]]);
  expect(() => startKeying(project.db, batch, 5)).toThrow('bad-request');
  expect(() => keyDigit(project.db, batch, 'i1', 1)).toThrow('unknown-id');
});
