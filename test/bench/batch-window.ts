import fs from 'node:fs';
import path from 'node:path';
import { testDigits, writeClasses } from '../e2e/digits.ts';
import { Studio } from '../e2e/harness.ts';
import { freshFolder } from '../e2e/places.ts';
import { go, idle, SLOW, startClassifying, trainedProject } from '../e2e/steps.ts';
import { writeDigits } from '../peers/folder-files.ts';
import { writeFigures } from '../peers/peer.ts';

/**
 * `npm run bench:window -- [FILES]`: the real window while a folder of so many files is classified: milliseconds from the start of the batch to
 * the first files counted on the screen, the gaps between two frames until the end, and the most memory that the engine held. Writes
 * docs/bench-window.json.
 */
const files = Number(process.argv[2] ?? 300_000);
if (!Number.isInteger(files) || files < 1_000) {
  console.error('usage: npm run bench:window -- [1000 or more]');
  process.exit(2);
}
const LIMIT = 100;

const folder = freshFolder('bench-window');
const scans = path.join(folder, 'scans');
await writeDigits(scans, files);
await writeClasses(path.join(folder, 'labelled', 'train'), testDigits(300));
const studio = await Studio.launch();
const { page } = studio;
try {
  await trainedProject(studio, path.join(folder, 'project'), 'Window', path.join(folder, 'labelled'), '2');
  await go(page, 'classify');
  await page.evaluate(noteFrames);
  const began = performance.now();
  await startClassifying(studio, scans);
  const first = await page.waitForFunction(() => {
    const { clicked, counted } = window as unknown as Frames;
    return counted > 0 && counted - clicked;
  });
  const firstProgress = (await first.jsonValue()) as number;
  const engine = studio.enginePid()!;
  await idle(page, 10 * SLOW);
  const seconds = (performance.now() - began) / 1000;
  const gaps = await page.evaluate(() => (window as unknown as Frames).gaps);
  gaps.sort((a, b) => a - b);
  const at = (share: number): number => Math.round(gaps[Math.ceil(gaps.length * share) - 1]!);
  const status = fs.readFileSync(`/proc/${engine}/status`, 'utf8');
  const figures = {
    files,
    seconds: Math.round(seconds),
    firstProgressMs: Math.round(firstProgress),
    frames: gaps.length,
    frameGapMs: { median: at(0.5), p99: at(0.99), p999: at(0.999), most: at(1) },
    framesLater: { thanMs: LIMIT, count: gaps.filter((gap) => gap > LIMIT).length },
    engineMostMB: Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)![1]) / 1024),
  };
  console.log(JSON.stringify(figures, null, 2));
  writeFigures('window', figures);
} finally {
  await studio.close();
}

interface Frames {
  gaps: number[];
  /** When the batch was started, and when a file of it was first counted on the screen; 0: not yet. */
  clicked: number;
  counted: number;
}

/** In the page: every gap between two frames from the click on. */
function noteFrames(): void {
  const frames: Frames = { gaps: [], clicked: 0, counted: 0 };
  Object.assign(window, frames);
  const noted = window as unknown as Frames;
  window.addEventListener('click', (event) => (noted.clicked = event.timeStamp), true);
  let last = performance.now();
  const next = (now: number): void => {
    noted.gaps.push(now - last);
    last = now;
    const told = document.querySelector('main .strip.running p')?.textContent ?? '';
    if (noted.counted === 0 && /[1-9]/.test(told)) noted.counted = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
}
