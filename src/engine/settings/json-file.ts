import fs from 'node:fs';
import type { z } from 'zod';
import { writeFileAtomic } from '../project/atomic.ts';

/** A small JSON file of the user's: read at once, written whole and in order. What does not fit its schema counts as not there. */
export class JsonFile<Schema extends z.ZodType> {
  readonly #file: string;
  #value: z.output<Schema>;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string, schema: Schema, initial: z.output<Schema>) {
    this.#file = file;
    this.#value = initial;
    try {
      const parsed = schema.safeParse(JSON.parse(fs.readFileSync(file, 'utf8')));
      if (parsed.success) this.#value = parsed.data;
    } catch {
      // Not there, or not JSON: the first write mends it.
    }
  }

  get value(): z.output<Schema> {
    return this.#value;
  }

  /** Resolves when the new value is on the disk. Throws `disk-full` or `cannot-write`. */
  write(value: z.output<Schema>): Promise<void> {
    this.#value = value;
    const bytes = new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
    const written = this.#writing.then(() => writeFileAtomic(this.#file, bytes));
    this.#writing = written.catch(() => undefined);
    return written;
  }
}
