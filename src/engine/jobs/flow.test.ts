import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapAhead, orCancelled } from './flow.ts';

async function* count(to: number): AsyncGenerator<number> {
  for (let value = 0; value < to; value++) yield value;
}

describe('mapAhead', () => {
  it('keeps the order and works one value ahead, no further', async () => {
    const started: number[] = [];
    const seen: number[][] = [];
    for await (const value of mapAhead(count(4), async (v) => (started.push(v), v))) {
      await sleep(2);
      seen.push([value, ...started]);
    }
    expect(seen).toEqual([
      [0, 0, 1],
      [1, 0, 1, 2],
      [2, 0, 1, 2, 3],
      [3, 0, 1, 2, 3],
    ]);
  });

  it('works on as many values ahead as it is told, and keeps the order when a later one is ready first', async () => {
    const started: number[] = [];
    const seen: number[][] = [];
    const work = async (value: number): Promise<number> => {
      started.push(value);
      await sleep(value === 0 ? 20 : 0);
      return value;
    };
    for await (const value of mapAhead(count(5), work, 3)) seen.push([value, started.length]);
    expect(seen.map(([value]) => value)).toEqual([0, 1, 2, 3, 4]);
    expect(seen[0]).toEqual([0, 4]);
  });

  it('passes on what comes before an error, then the error', async () => {
    const seen: number[] = [];
    const run = async (): Promise<void> => {
      for await (const value of mapAhead(count(3), async (v) => {
        if (v === 1) throw new Error('one');
        return v;
      })) {
        await sleep(2);
        seen.push(value);
      }
    };
    await expect(run()).rejects.toThrow('one');
    expect(seen).toEqual([0]);
  });
});

describe('orCancelled', () => {
  it('does not wait for what hangs', async () => {
    const stop = new AbortController();
    const hanging = orCancelled(new Promise(() => undefined), stop.signal);
    stop.abort();
    await expect(hanging).rejects.toMatchObject({ code: 'cancelled' });
  });
});
