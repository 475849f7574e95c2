import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { deserialize, serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { Channel, type ChannelEnd } from './channel.ts';

/** Two ends with structured clone between them, as a child-process channel has. */
function ends(): { near: ChannelEnd; far: EventEmitter; sizes: number[] } {
  const far = new EventEmitter();
  const sizes: number[] = [];
  const near: ChannelEnd = {
    send: (message, done) => {
      const bytes = serialize(message);
      sizes.push(bytes.length);
      setImmediate(() => {
        far.emit('message', deserialize(bytes));
        done(null);
      });
      return true;
    },
    on: () => undefined,
  };
  return { near, far, sizes };
}

it('passes messages in order, large arrays in parts of less than a megabyte', async () => {
  const { near, far, sizes } = ends();
  const received: unknown[] = [];
  new Channel<never, unknown>({ on: (event, listener) => far.on(event, listener) }, (message) =>
    received.push(message),
  );
  const sender = new Channel<unknown, never>(near, () => undefined);
  const bytes = randomBytes(1_200_001);
  // A view that does not begin at the start of its buffer.
  const floats = new Float32Array(300_000).map((_, at) => at / 7).subarray(5, 250_000);
  const small = Float32Array.of(1.5);
  let turns = 0;
  const count = (): void => void (turns++, setImmediate(count).unref());
  count();
  await Promise.all([
    sender.post({ kind: 'a', deep: [{ floats }, null], bytes, small }),
    sender.post({ kind: 'b' }),
  ]);
  expect(received).toHaveLength(2);
  const [first, second] = received as [
    { deep: [{ floats: Float32Array }, null]; bytes: Uint8Array },
    unknown,
  ];
  expect(Buffer.compare(first.bytes, bytes)).toBe(0);
  expect(first.deep[0].floats).toBeInstanceOf(Float32Array);
  expect(first.deep[0].floats.every((value, at) => value === floats[at])).toBe(true);
  expect(first.deep[0].floats).toHaveLength(floats.length);
  expect(first).toMatchObject({ kind: 'a', small });
  expect(second).toEqual({ kind: 'b' });
  expect(Math.max(...sizes)).toBeLessThan(1_000_000);
  expect(turns).toBeGreaterThan(sizes.length);
});

it('rejects when the channel is closed, and keeps the order afterwards', async () => {
  const { near, far, sizes } = ends();
  const received: unknown[] = [];
  new Channel<never, unknown>({ on: (event, listener) => far.on(event, listener) }, (message) =>
    received.push(message),
  );
  let open = false;
  const sender = new Channel<unknown, never>(
    {
      ...near,
      send: (message, done) => {
        if (open) return near.send!(message, done);
        done(new Error('ERR_IPC_CHANNEL_CLOSED'));
        return false;
      },
    },
    () => undefined,
  );
  await expect(sender.post('lost')).rejects.toThrow('ERR_IPC_CHANNEL_CLOSED');
  open = true;
  await sender.post('found');
  expect(received).toEqual(['found']);
  expect(sizes).toHaveLength(1);
});
