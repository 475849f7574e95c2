import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isContractProcedure } from '@orpc/contract';
import { Studio } from '../e2e/harness.ts';
import { PagePort } from '../e2e/page-port.ts';
import { freshFolder } from '../e2e/places.ts';
import { contract } from '../../src/shared/contract/index.ts';
import type { GrantedPath, PathAnswer, StudioBridge } from '../../src/shared/bridge.ts';

let studio: Studio;
let port: PagePort;
beforeAll(async () => {
  studio = await Studio.launch();
  port = await PagePort.take(studio.page);
});
afterAll(() => studio?.close());

interface BridgeWindow {
  studio: StudioBridge;
}

/** Every call of the contract that takes something, by its path. */
const callsWithInput = Object.entries(contract).flatMap(([group, calls]) =>
  Object.entries(calls as Record<string, unknown>).flatMap(([name, call]) =>
    isContractProcedure(call) && call['~orpc'].inputSchema ? [[group, name] as const] : [],
  ),
);

const call = (group: string, name: string, input: unknown): Promise<unknown> => {
  const client = port.client as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  return client[group]![name]!(input);
};

const refused = (...codes: string[]) => ({ data: { code: expect.toBeOneOf(codes) as string } });

describe('the engine', () => {
  it('answers the page, so that the refusals below mean something', async () => {
    expect((await port.client.system.info()).version).toMatch(/^\d+\./);
  });

  it('knows calls of all kinds to refuse', () => {
    expect(callsWithInput.length).toBeGreaterThan(15);
  });

  it.each(callsWithInput)('takes nothing that does not fit its contract: %s.%s', async (group, name) => {
    for (const input of [null, 7, 'x', [], { toString: 'x' }])
      // Settings are all optional: an object without any of them changes nothing.
      if (!(group === 'settings' && typeof input === 'object' && input !== null && !Array.isArray(input)))
        await expect(call(group, name, input), JSON.stringify(input)).rejects.toMatchObject(
          refused('bad-request'),
        );
  });

  it('takes no path in the place of an id', async () => {
    const folder = freshFolder('outside');
    const ids = ['/etc', folder, '../../etc', 'file:///etc', 'path-00000000000000000000000000000000'];
    for (const id of ids) {
      await expect(port.client.project.create({ folder: id, name: 'x' })).rejects.toMatchObject(
        refused('bad-request', 'path-not-granted'),
      );
      const scan = async (): Promise<void> => {
        for await (const _ of await port.client.data.scan({ source: id }));
      };
      await expect(scan()).rejects.toMatchObject(refused('bad-request', 'path-not-granted'));
    }
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('gives a chosen folder an id that says nothing of it, and that is good for its purpose alone', async () => {
    const folder = freshFolder('chosen');
    await studio.answerFolderDialog(folder);
    const granted = (await studio.page.evaluate(() =>
      (globalThis as unknown as BridgeWindow).studio.pickFolder('read-folder'),
    )) as GrantedPath;
    expect(granted.id).toMatch(/^path-[0-9a-f]{32}$/);
    await expect(port.client.project.create({ folder: granted.id, name: 'x' })).rejects.toMatchObject(
      refused('path-not-granted'),
    );
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('main', () => {
  it('opens no dialog for what it does not know', async () => {
    await studio.answerFolderDialog('/etc');
    await studio.answerSaveDialog('/etc/passwd');
    const outcomes = await studio.page.evaluate(async () => {
      const { studio } = globalThis as unknown as BridgeWindow;
      const outcome = (attempt: Promise<unknown>): Promise<string> =>
        attempt.then(
          () => 'answered',
          () => 'refused',
        );
      return [
        await outcome(studio.pickFolder('write-file' as 'read-folder')),
        await outcome(studio.pickFolder({} as 'read-folder')),
        await outcome(studio.pickSaveFile(7 as unknown as string)),
        await outcome(studio.pickSaveFile('passwd')),
        await outcome(studio.pickSaveFile('start.sh')),
        await outcome(studio.pickSaveFolder(7 as unknown as string)),
      ];
    });
    expect(outcomes).toEqual(Array(6).fill('refused'));
  });

  it('grants no path that a page made up instead of being given it by a drop', async () => {
    const granted = await studio.page.evaluate(async () => {
      const { studio } = globalThis as unknown as BridgeWindow;
      const disguised = Object.defineProperty(new File(['x'], 'x'), 'path', { value: '/etc' });
      const made = [
        { path: '/etc' },
        { name: 'etc', path: '/etc', __proto__: File.prototype },
        new File(['x'], '/etc'),
        disguised,
        '/etc',
      ];
      const answers: PathAnswer[] = [];
      for (const file of made) answers.push(await studio.grantDropped(file as File).catch(() => null));
      return answers;
    });
    expect(granted).toEqual([null, null, null, null, null]);
    expect((await port.client.system.info()).version).toMatch(/^\d+\./);
  });
});

describe('the line between them', () => {
  it('lives through frames that are none', async () => {
    const engine = studio.enginePid();
    const frames = [
      '',
      'x',
      '{',
      'null',
      '{}',
      '[]',
      '{"i":"x"}',
      '{"i":"1","t":9,"p":{}}',
      '{"i":"1","p":{"u":"/__proto__/polluted","b":{"__proto__":{"a":1}}}}',
      '{"i":"1","p":{"u":"not a url"}}',
      { bytes: [] },
      { bytes: [255, 0, 255] },
      null,
    ];
    for (const frame of frames) await port.post(frame);
    expect((await port.client.system.info()).version).toMatch(/^\d+\./);
    expect(studio.enginePid()).toBe(engine);
  });
});
