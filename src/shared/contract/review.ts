import { z } from 'zod';
import { digitLabel } from '../domain.ts';

/** Digits that one call changes at most. */
export const MOST_CHANGED = 10_000;

/** Stands for a digit of a batch. */
export const itemRef = z.string().regex(/^i[1-9][0-9]{0,15}$/);

/**
 * What a person decided about a digit of a batch. `accepted`: the reading is its label; `relabelled`: another label is; `doubted`: it comes
 * back at the end of the queue; `rejected`: it is no digit.
 */
export const decisions = ['accepted', 'relabelled', 'doubted', 'rejected'] as const;
export type Decision = (typeof decisions)[number];

/** `label` decides by the label: accepted where it is what was read. `reject` takes the label away, `clear` label and decision. */
export const decisionAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accept') }),
  z.object({ kind: z.literal('label'), label: digitLabel }),
  z.object({ kind: z.literal('doubt') }),
  z.object({ kind: z.literal('reject') }),
  z.object({ kind: z.literal('clear') }),
]);
export type DecisionAct = z.infer<typeof decisionAct>;

/** Several acts are one step. */
export const decisionChanges = z
  .array(z.object({ refs: z.array(itemRef).min(1).max(MOST_CHANGED), act: decisionAct }))
  .min(1)
  .max(12);
export type DecisionChanges = z.infer<typeof decisionChanges>;

/** Training digits that a model finds most alike to a digit, the nearest first. */
export const neighbours = z.object({
  /** Training digits that were looked at. */
  among: z.int(),
  digits: z.array(
    z.object({
      ref: z.string().regex(/^d[1-9][0-9]{0,15}$/),
      label: digitLabel.nullable(),
      /** Euclidean, between what the model's last layer looks at. */
      distance: z.number(),
    }),
  ),
  /** 28 x 28 bytes each, ink 255 on 0. */
  pixels: z.instanceof(Blob),
});
export type Neighbours = z.infer<typeof neighbours>;

/** How the decisions about a batch went. */
export const sessionFigures = z.object({
  /** Accepted, corrected, or rejected as no digit. */
  decided: z.int(),
  /** Share of them that were corrected or rejected, 0 to 1; null without any. */
  changed: z.number().nullable(),
  /** At work, breaks left out. */
  seconds: z.number(),
  perMinute: z.number().nullable(),
  /** Median. */
  secondsPerDecision: z.number().nullable(),
});
export type SessionFigures = z.infer<typeof sessionFigures>;

/** Why a label or a decision was changed, for the audit trail. */
export const why = z.string().trim().max(200).optional();

const counts = z.array(z.int()).length(10);
/** Digits of a batch by decision and by what was read, 0 to 9; `open`: nothing is decided about them. */
export const decisionCounts = z.object({
  open: counts,
  accepted: counts,
  relabelled: counts,
  doubted: counts,
  rejected: counts,
});
export type DecisionCounts = z.infer<typeof decisionCounts>;
/** With the undecided digits whose label is suspected to be wrong; null: they were not looked for. */
export const reviewCounts = decisionCounts.extend({ suspected: z.int().nullable() });
export type ReviewCounts = z.infer<typeof reviewCounts>;
