import { expect, it } from 'vitest';
import { Studio } from './harness.ts';
import { main } from './steps.ts';
import { en } from './words.ts';

/** Seconds from the runtime's launch to a first page that can be used, with what is asked of a warm start. */
const LIMIT = 2;
const STARTS = 3;

it('has a usable first page within two seconds of a warm start', async () => {
  // The first start fills the caches of a new home.
  const first = await Studio.launch();
  await main(first.page).getByRole('button', { name: en.home.sample.start }).waitFor();
  await first.close();
  const seconds: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const studio = await Studio.launch(first.home);
    await main(studio.page).getByRole('button', { name: en.home.sample.start }).click({ trial: true });
    seconds.push((performance.now() - studio.began) / 1000);
    await studio.close();
  }
  // The machine may be busy with something else now and then; it is not each time.
  expect(Math.min(...seconds), seconds.join(', ')).toBeLessThan(LIMIT);
});
