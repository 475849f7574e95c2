import path from 'node:path';
import { makeBatchProject } from '../e2e/batch-project.ts';
import { Studio } from '../e2e/harness.ts';
import { freshFolder } from '../e2e/places.ts';
import { go, main } from '../e2e/steps.ts';
import { en } from '../e2e/words.ts';

/**
 * `npm run bench:queue -- [DIGITS]`: how long it takes in the real window from a key that decides about a digit of the review queue to the
 * next digit on the screen. Milliseconds, over 200 keys, with a million digits in the batch.
 */
const count = Number(process.argv[2] ?? 1_000_000);
if (!Number.isInteger(count) || count < 1_000 || count > 1_000_000) {
  console.error('usage: npm run bench:queue -- [1000 to 1000000]');
  process.exit(2);
}
const KEYS = ['Enter', 'Enter', 'Space', '3', 'Enter', 'r'];
const PRESSED = 200;

const folder = freshFolder('queue');
const project = path.join(folder, 'project');
await makeBatchProject(project, path.join(folder, 'scans'), count, 1_000);
const studio = await Studio.launch();
const { page } = studio;
try {
  await studio.answerFolderDialog(project);
  await main(page).getByRole('button', { name: en.home.open.title }).click();
  await go(page, 'review');
  await main(page).locator('.panel h2').waitFor({ timeout: 60_000 });
  await main(page).getByRole('grid').focus();
  await page.evaluate(noteTimes);
  for (let at = 0; at < PRESSED; at++) {
    await page.keyboard.press(KEYS[at % KEYS.length]!);
    // As a person who is quick.
    await page.waitForTimeout(60 + ((at * 37) % 90));
  }
  const times = await page.evaluate(() => (window as unknown as { shownTimes: number[] }).shownTimes);
  times.sort((a, b) => a - b);
  const at = (share: number): string => times[Math.ceil(times.length * share) - 1]!.toFixed(0);
  console.log(
    `${count} digits, ${times.length} of ${PRESSED} keys seen: next digit on the screen after ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${at(1)} ms (most)`,
  );
} finally {
  await studio.close();
}

/** In the page: from the key to the frame after the one in which the large picture is painted. */
function noteTimes(): void {
  const times: number[] = [];
  let pressed = 0;
  window.addEventListener('keydown', (event) => (pressed = event.timeStamp), true);
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (
    this: CanvasRenderingContext2D,
    ...args: unknown[]
  ) {
    (putImageData as (...all: unknown[]) => void).apply(this, args);
    const key = pressed;
    pressed = 0;
    if (key > 0 && this.canvas.closest('.panel .picture') !== null)
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - key)));
  };
  Object.assign(window, { shownTimes: times });
}
