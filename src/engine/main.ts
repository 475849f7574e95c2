import { z } from 'zod';
import type { EngineOptions, FromEngine, ToEngine } from '../shared/bridge.ts';
import { createEngine } from './api/engine.ts';
import { toClientError } from './api/errors.ts';
import { ClientChannel } from './api/port.ts';
import { ComputeProcess } from './compute/client.ts';
import { ReaderPool } from './images/reader-pool.ts';

const engineOptions: z.ZodType<EngineOptions> = z.object({
  userData: z.string(),
  mnist: z.string(),
  version: z.string(),
  checkpointInterval: z.number().positive().optional(),
});

/** The window comes first; TensorFlow's second of loading follows when that has its first page. */
const WARM_UP_DELAY = 1_500;

const engine = createEngine(engineOptions.parse(JSON.parse(process.argv[2] ?? 'null')), {
  compute: new ComputeProcess(),
  reader: new ReaderPool(),
});
const clients = new Map<number, ClientChannel>();

function send(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}

function openClient(client: number): void {
  clients.get(client)?.close();
  const channel = new ClientChannel((data) => send({ kind: 'frame', client, data }));
  clients.set(client, channel);
  engine.serve(channel);
}

function closeClient(client: number): void {
  clients.get(client)?.close();
  clients.delete(client);
}

async function grant({ request, path, purpose }: Extract<ToEngine, { kind: 'grant' }>): Promise<void> {
  try {
    send({ kind: 'granted', request, path: await engine.grantPath(path, purpose) });
  } catch (error) {
    send({ kind: 'refused', request, error: toClientError(error, path).data });
  }
}

/** Answers in any case: main waits. */
async function locate({ request, badFile }: Extract<ToEngine, { kind: 'locate' }>): Promise<void> {
  const path = await engine.locateBadFile(badFile).catch(() => null);
  send({ kind: 'located', request, path });
}

let closing = false;
async function shutDown(): Promise<void> {
  if (closing) return;
  closing = true;
  await engine.close().catch((error: unknown) => console.error(error));
  process.exit(0);
}

process.on('message', (message: ToEngine) => {
  switch (message.kind) {
    case 'open-client':
      return openClient(message.client);
    case 'frame':
      return clients.get(message.client)?.receive(message.data);
    case 'close-client':
      return closeClient(message.client);
    case 'grant':
      return void grant(message);
    case 'locate':
      return void locate(message);
    case 'shutdown':
      return void shutDown();
  }
});
process.on('disconnect', () => void shutDown());
process.on('SIGTERM', () => void shutDown());

await engine.reopen();
setTimeout(() => engine.warmUp(), WARM_UP_DELAY).unref();
send({ kind: 'ready' });
