import { randomUUID } from 'node:crypto';
import { normalisationOf, type NormalisationChoice } from '../../shared/domain.ts';
import { StudioError } from '../../shared/errors.ts';
import type { ImportSource } from '../datasets/import.ts';

/** A source that was looked at and can be imported. */
export type ScannedSource = ImportSource & { total: number };

/** The source, read in a way that was chosen; MNIST's records are tiles already. */
export const withNormalisation = (
  source: ScannedSource,
  choice: NormalisationChoice | undefined,
): ScannedSource =>
  choice === undefined || source.kind === 'mnist' ? source : { ...source, recipe: normalisationOf(choice) };

const KEPT = 32;

/** The last dry runs, by the ids that clients know them by. */
export class Scans {
  readonly #scans = new Map<string, ScannedSource>();

  add(source: ScannedSource): string {
    const id = randomUUID();
    this.#scans.set(id, source);
    const [oldest] = this.#scans.keys();
    if (this.#scans.size > KEPT) this.#scans.delete(oldest!);
    return id;
  }

  /** Throws `unknown-id`. */
  get(id: string): ScannedSource {
    const source = this.#scans.get(id);
    if (!source) throw new StudioError('unknown-id', { kind: 'scan', id });
    return source;
  }
}
