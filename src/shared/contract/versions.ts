import { z } from 'zod';

const rowId = z.int().positive();

export const changeKinds = ['relabelled', 'excluded', 'restored', 'added', 'moved'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Digits by what a version changed about them, against the version before it. */
const versionCounts = z.object({
  /** Another label, or one where there was none, or none any more. */
  relabelled: z.int(),
  /** Left out: excluded, or rejected as no digit. */
  excluded: z.int(),
  /** In again. */
  restored: z.int(),
  /** New: taken over from a batch. */
  added: z.int(),
  /** To another split, with the label that it had. */
  moved: z.int(),
  /** Of all these, test digits. */
  test: z.int(),
});
export type VersionCounts = z.infer<typeof versionCounts>;

export const dataVersion = z.object({
  id: rowId,
  /** The set as imported is 1. */
  number: z.int(),
  name: z.string(),
  at: z.string(),
  who: z.string(),
  changes: versionCounts,
  /** Labelled digits in it. */
  train: z.int(),
  test: z.int(),
});
export type DataVersion = z.infer<typeof dataVersion>;

/** The versions of a data set after the import, newest first, and what is changed since the last. */
export const dataVersions = z.object({ pending: versionCounts, versions: z.array(dataVersion) });
export type DataVersions = z.infer<typeof dataVersions>;

/** What a batch over a folder could add to a data set. */
export const addable = z.object({
  /** Digits with a decided label. */
  decided: z.int(),
  /** Of these, digits that the set has not, or has with another label. */
  differing: z.int(),
});
export type Addable = z.infer<typeof addable>;
