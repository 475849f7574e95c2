import { randomUUID } from 'node:crypto';
import { StudioError } from '../../shared/errors.ts';
import type { ImportSource } from '../datasets/import.ts';

/** A source that was looked at and can be imported. */
export type ScannedSource = ImportSource & { total: number };

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
