import { StudioError } from '../../shared/errors.ts';

/** Lets waiting calls be answered between two pieces of synchronous work. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Throws `cancelled` once the signal has fired. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new StudioError('cancelled');
}

/** The promise's answer, or `cancelled` as soon as the signal fires; what the promise brings later is dropped. */
export async function orCancelled<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (!signal) return promise;
  promise.catch(() => undefined);
  checkCancelled(signal);
  const { promise: cancelled, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new StudioError('cancelled'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, cancelled]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The next value, null at the end; throws `cancelled` as soon as the signal fires. */
export async function nextOf<Value>(
  values: AsyncGenerator<Value>,
  signal: AbortSignal | undefined,
): Promise<Value | null> {
  const step = await orCancelled(values.next(), signal);
  return step.done ? null : step.value;
}

/** Maps in order, working on so many of the next values while the consumer still holds the last: stages side by side. */
export async function* mapAhead<In, Out>(
  source: AsyncIterable<In>,
  work: (value: In) => Promise<Out>,
  most = 1,
): AsyncGenerator<Out, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const start = (): Promise<{ value: Out } | null> => {
    const step = iterator.next().then(async (next) => (next.done ? null : { value: await work(next.value) }));
    // It may fail while nobody waits for it yet; whoever awaits it still sees the error.
    step.catch(() => undefined);
    return step;
  };
  const pending = Array.from({ length: most }, start);
  try {
    for (let current = await pending.shift(); current; current = await pending.shift()) {
      pending.push(start());
      yield current.value;
    }
  } finally {
    // Not awaited: a read that hangs must not hold up a cancel.
    void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}

/** Works on all values, on so many of them at once, and answers in their order. When one fails, those under way are waited for. */
export async function together<In, Out>(
  values: readonly In[],
  most: number,
  work: (value: In) => Promise<Out>,
): Promise<Out[]> {
  const results = new Array<Out>(values.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < values.length) {
      const at = next++;
      results[at] = await work(values[at]!);
    }
  };
  const workers = Array.from({ length: Math.min(most, values.length) }, () =>
    worker().catch((error: unknown) => {
      next = values.length;
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  await Promise.all(workers);
  return results;
}
