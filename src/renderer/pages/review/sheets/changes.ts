import type { DecisionChanges, DigitRow } from '../../../../shared/contract/index.ts';

/** What is said of a digit that is not what was read: nothing more, another label, or no digit. */
export type Mark = { kind: 'odd' } | { kind: 'label'; label: number } | { kind: 'reject' };

/** By the digit's reference. */
export type Marks = Readonly<Record<string, Mark>>;

/** The decisions that a sheet comes to: what carries no mark is accepted. */
export function sheetChanges(rows: readonly DigitRow[], marks: Marks): DecisionChanges {
  const groups = new Map<string, DecisionChanges[number]>();
  for (const { ref } of rows) {
    const mark = marks[ref];
    const act: DecisionChanges[number]['act'] =
      mark === undefined ? { kind: 'accept' } : mark.kind === 'odd' ? { kind: 'doubt' } : mark;
    const key = JSON.stringify(act);
    const group = groups.get(key) ?? { refs: [], act };
    group.refs.push(ref);
    groups.set(key, group);
  }
  return [...groups.values()];
}
