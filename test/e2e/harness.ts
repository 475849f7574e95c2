import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { electronExecutable, freshFolder, root } from './places.ts';
import { family, isAlive, until } from './processes.ts';

const CLOSING_TIME = 15_000;
const LAUNCH_TIME = 20_000;
const ATTEMPTS = 3;

interface Launched {
  app: ElectronApplication;
  page: Page;
  /** When the runtime was started, as `performance.now` counts. */
  began: number;
}

/**
 * Starts an app's folder and waits for its first window. Playwright comes in while the app starts, and now and then waits for
 * ever for a page that was replaced under it: then it is started again.
 */
export async function launchElectron(
  folder: string,
  home: string,
  environment: Record<string, string> = {},
): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    const began = performance.now();
    let app: ElectronApplication | undefined;
    try {
      app = await _electron.launch({
        executablePath: electronExecutable(),
        args: [folder],
        chromiumSandbox: process.getuid?.() !== 0,
        env: {
          PATH: process.env.PATH ?? '',
          DISPLAY: process.env.DISPLAY ?? '',
          XAUTHORITY: process.env.XAUTHORITY ?? '',
          LANG: 'en_US.UTF-8',
          HOME: home,
          ...environment,
        },
        timeout: LAUNCH_TIME,
      });
      return { app, page: await app.firstWindow({ timeout: LAUNCH_TIME }), began };
    } catch (error) {
      app?.process().kill('SIGKILL');
      if (attempt === ATTEMPTS) throw error;
      console.error(`launch ${attempt}: ${(error as Error).message.split('\n')[0]}`);
    }
  }
}

/** The built app in a window, with a home of its own. */
export class Studio {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the page complained about: errors on its console and exceptions that nobody caught. */
  readonly errors: string[] = [];
  readonly home: string;
  readonly pid: number;
  /** When its runtime was started, as `performance.now` counts. */
  readonly began: number;

  private constructor(app: ElectronApplication, page: Page, home: string, began: number) {
    this.began = began;
    this.app = app;
    this.page = page;
    this.home = home;
    this.pid = app.process().pid!;
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.stack ?? error.message));
  }

  /** Starts the app; give it the home of an earlier one to go on where that was. */
  static async launch(home = freshFolder('home')): Promise<Studio> {
    const { app, page, began } = await launchElectron(root, home, {
      LENET_STUDIO_USER_DATA: path.join(home, 'user-data'),
    });
    return new Studio(app, page, home, began);
  }

  get userData(): string {
    return path.join(this.home, 'user-data');
  }

  /** The engine's process now; null when there is none. */
  enginePid(): number | null {
    const engine = family(this.pid).find(
      ({ parent, command }) => parent === this.pid && command[1]?.endsWith('main.mjs'),
    );
    return engine?.pid ?? null;
  }

  async killEngine(): Promise<void> {
    const pid = this.enginePid();
    if (pid === null) throw new Error('no engine runs');
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 'the engine to be gone');
  }

  /** The next folder dialogs answer with this folder; null gives up. */
  async answerFolderDialog(folder: string | null): Promise<void> {
    await this.app.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () => {
        (globalThis as { dialogs?: number }).dialogs =
          ((globalThis as { dialogs?: number }).dialogs ?? 0) + 1;
        return Promise.resolve({
          canceled: filePath === null,
          filePaths: filePath === null ? [] : [filePath],
        });
      };
    }, folder);
  }

  /** The next save dialogs answer with this file; null gives up. */
  async answerSaveDialog(file: string | null): Promise<void> {
    await this.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => {
        (globalThis as { dialogs?: number }).dialogs =
          ((globalThis as { dialogs?: number }).dialogs ?? 0) + 1;
        return Promise.resolve({ canceled: filePath === null, filePath: filePath ?? '' });
      };
    }, file);
  }

  /** How many of the system's dialogs have been answered. */
  dialogsAnswered(): Promise<number> {
    return this.app.evaluate(() => (globalThis as { dialogs?: number }).dialogs ?? 0);
  }

  /** Quits as a user would, and sees to it that no process stays behind. */
  async close(): Promise<void> {
    const members = family(this.pid).map(({ pid }) => pid);
    await this.app.close();
    try {
      await until(() => !members.some(isAlive), 'all processes to end', CLOSING_TIME);
    } catch (error) {
      for (const pid of members.filter(isAlive)) process.kill(pid, 'SIGKILL');
      throw error;
    }
  }

  /** The complaints so far, which then count as seen. */
  takeErrors(): string[] {
    return this.errors.splice(0);
  }
}
