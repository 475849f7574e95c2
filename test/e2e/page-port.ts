import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { Page } from 'playwright-core';
import type { Contract } from '../../src/shared/contract/index.ts';

interface PortWindow {
  testPort: MessagePort;
  frameForTest(frame: string): Promise<void>;
}

/**
 * The page's own line to the engine in the hands of a test: what goes over it is what a page could say, well formed or not. The page
 * itself has none any more.
 */
export class PagePort {
  /** For calls whose answers carry no pictures. */
  readonly client: ContractRouterClient<Contract>;
  readonly #page: Page;
  readonly #listeners: ((event?: { data: unknown }) => void)[] = [];

  private constructor(page: Page) {
    this.#page = page;
    this.client = createORPCClient(
      new RPCLink({
        port: {
          on: (event, listener) => void (event === 'message' && this.#listeners.push(listener)),
          postMessage: (frame: unknown) => void this.post(frame as string),
        },
      }),
    );
  }

  static async take(page: Page): Promise<PagePort> {
    const port = new PagePort(page);
    await page.exposeFunction('frameForTest', (data: string) => {
      for (const listener of port.#listeners) listener({ data });
    });
    // Listens before the page does, so that the page gets no port.
    await page.addInitScript(() => {
      const window = globalThis as unknown as PortWindow & EventTarget;
      window.addEventListener('message', (event) => {
        const { data, ports } = event as MessageEvent<unknown>;
        if (data !== 'studio:port') return;
        event.stopImmediatePropagation();
        window.testPort = ports[0]!;
        window.testPort.onmessage = ({ data }: MessageEvent<unknown>) => {
          if (typeof data === 'string') void window.frameForTest(data);
        };
      });
    });
    await page.reload();
    await page.waitForFunction(() => 'testPort' in globalThis);
    return port;
  }

  /** Calls one after the other, and measures in the page how long each answer takes, in milliseconds. */
  time(path: string, inputs: readonly unknown[]): Promise<number[]> {
    return this.#page.evaluate(
      async ({ path, inputs }) => {
        const { testPort } = globalThis as unknown as PortWindow;
        const times: number[] = [];
        for (const [index, input] of inputs.entries()) {
          const id = `time-${path}-${index}`;
          const began = performance.now();
          const answered = new Promise<void>((resolve) => {
            const listen = ({ data }: MessageEvent<string | Uint8Array>): void => {
              // With pictures in it a frame is JSON, a byte 255 and their bytes.
              const text =
                typeof data === 'string'
                  ? data
                  : new TextDecoder().decode(data.subarray(0, data.indexOf(255)));
              if ((JSON.parse(text) as { i: string }).i !== id) return;
              testPort.removeEventListener('message', listen);
              resolve();
            };
            testPort.addEventListener('message', listen);
          });
          testPort.postMessage(JSON.stringify({ i: id, p: { u: `/${path}`, b: { json: input } } }));
          await answered;
          times.push(performance.now() - began);
        }
        return times;
      },
      { path, inputs },
    );
  }

  /** Sends a frame as it is; of what can be cloned into a page. */
  async post(frame: string | { bytes: number[] } | null): Promise<void> {
    await this.#page.evaluate((given) => {
      const { testPort } = globalThis as unknown as PortWindow;
      testPort.postMessage(
        given !== null && typeof given === 'object' ? Uint8Array.from(given.bytes) : given,
      );
    }, frame);
  }
}
