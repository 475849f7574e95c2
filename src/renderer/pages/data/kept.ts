import { z } from 'zod';
import { shownDigits } from '../../../shared/contract/index.ts';

const REMEMBERED = 'digits';

/** What the grid of the Data page showed last, and of which data set, in the project that was open last. */
const kept = z.object({ projectId: z.string(), setId: z.int().nullable(), shown: shownDigits });
type Kept = z.infer<typeof kept>;

export const keepShown = (storage: Pick<Storage, 'setItem'>, what: Kept): void =>
  storage.setItem(REMEMBERED, JSON.stringify(what));

/** Null for another project, and for what another version of the studio has kept. */
export function keptShown(storage: Pick<Storage, 'getItem'>, projectId: string): Kept | null {
  try {
    const found = kept.parse(JSON.parse(storage.getItem(REMEMBERED) ?? 'null'));
    return found.projectId === projectId ? found : null;
  } catch {
    return null;
  }
}
