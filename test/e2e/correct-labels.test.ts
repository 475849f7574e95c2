import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLASSES } from '../../src/shared/domain.ts';
import { complaints } from './axe.ts';
import { testDigits, writeClasses } from './digits.ts';
import { button, byKeys, byMouse, type Hands } from './hands.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { choose, go, idle, main, modelKept, SLOW, trainedProject } from './steps.ts';
import { LANGUAGES, like, THEMES, type Language } from './words.ts';

/** Few digits with many wrong labels, so that mending them makes a difference that is more than chance. */
const TRAINED = 400;
const TESTED = 400;
const FLIPPED = 120;

const truth = testDigits(TRAINED);
/** The same digits as somebody labelled them who was wrong with every third or fourth, each time otherwise. */
const labelled = truth.map((digit, at) =>
  (at * FLIPPED) % TRAINED < FLIPPED ? { ...digit, label: (digit.label + 1 + (at % 7)) % CLASSES } : digit,
);
const folder = path.join(freshFolder('correct-labels'), 'labelled');
beforeAll(async () => {
  await writeClasses(path.join(folder, 'train'), labelled);
  await writeClasses(path.join(folder, 'test'), testDigits(TESTED, TRAINED));
});

interface Way {
  name: string;
  language: Language;
  handsOf: typeof byKeys;
  /** A digit is relabelled or accepted by its key rather than its button. */
  keyed: boolean;
  /** Axe looks at every page on the way. */
  looks: boolean;
}
const ways: Way[] = [
  { name: 'by keys alone', language: 'en', handsOf: byKeys, keyed: true, looks: false },
  { name: 'by mouse alone', language: 'en', handsOf: byMouse, keyed: false, looks: false },
  {
    name: 'in Chinese, with axe on every page in both themes',
    language: 'zh-CN',
    handsOf: byKeys,
    keyed: true,
    looks: true,
  },
];

describe.each(ways)('$name', ({ language, handsOf, keyed, looks }) => {
  const words = LANGUAGES[language];
  const { versions, suspects: s, review, runs } = words;
  let studio: Studio;
  let hands: Hands;
  beforeAll(async () => {
    studio = await Studio.launch();
    const { page } = studio;
    if (language !== 'en') await choose(page, language, 'light');
    await go(page, 'home', words);
    const project = path.join(freshFolder('project'), 'project');
    await trainedProject(studio, project, 'Loop', folder, '15', words);
    hands = handsOf(page, words);
  }, 3 * SLOW);
  afterAll(() => studio?.close());

  /** In both themes; by the palette, so that the page stays. */
  async function look(where: string): Promise<void> {
    if (!looks) return;
    const { page } = studio;
    for (let theme = 0; theme < THEMES.length; theme++) {
      const html = page.locator('html');
      const before = await html.getAttribute('data-theme');
      expect(await complaints(page, `${where}, ${before}`)).toEqual([]);
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog').getByRole('combobox').fill(words.shell.commands.theme);
      await page.keyboard.press('Enter');
      await page.locator(`html[data-theme="${THEMES.find((name) => name !== before)}"]`).waitFor();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  }

  const file = (): Promise<string> => main(studio.page).locator('.panel h2').innerText();
  const filter = () =>
    main(studio.page)
      .getByRole('group', { name: review.filters.label })
      .getByRole('button', { name: like(s.filter) });
  const left = async (): Promise<number> =>
    (await filter().count()) === 0 ? 0 : Number((await filter().innerText()).replaceAll(/\D/g, ''));
  const none = () => main(studio.page).getByRole('heading', { name: s.none });

  it('finds the wrong labels, mends them, keeps a version, trains again and proves that it is better', async () => {
    const { page } = studio;
    await hands.go('data');
    await hands.press(button(page, s.findIn('labelled')));
    await page.locator('main[data-page="review"]').waitFor();
    await look('review while it searches');
    await idle(page, 2 * SLOW, words);
    await filter().waitFor();
    await look('the suspects');

    const found = await left();
    let mended = 0;
    for (let at = found; at > 0; at--) {
      const name = await file();
      const digit = Number(/(\d+)\.png/.exec(name)![1]);
      const [given, label] = [labelled[digit]!.label, truth[digit]!.label];
      if (given !== label) mended++;
      await (keyed
        ? page.keyboard.press(String(label))
        : main(page).getByRole('group', { name: review.panel.itIsA }).getByRole('button').nth(label).click());
      if (at > 1) await expect.poll(file, { timeout: 15_000, interval: 20 }).not.toBe(name);
    }
    await none().waitFor();
    expect(mended).toBeGreaterThan(FLIPPED / 2);
    await look('no suspect left');

    await hands.press(button(page, versions.show));
    await page.locator('main[data-page="data"]').waitFor();
    await main(page)
      .getByText(versions.kinds.relabelled(mended, String(mended)))
      .first()
      .waitFor();
    await look('pending changes');
    await hands.fill(main(page).getByLabel(versions.name), 'Mended');
    await hands.press(button(page, versions.commit(mended, String(mended))));
    await button(page, like(versions.numberAndName('2', 'Mended'))).waitFor();
    await look('a version');

    await hands.press(button(page, versions.retrain.start));
    await page.locator('main[data-page="train"]').waitFor();
    await modelKept(page, 2 * SLOW, words);
    await idle(page, SLOW, words);
    await hands.press(button(page, like(versions.retrain.compare)), 'b');
    await main(page)
      .getByText(like(runs.compare.moreThanChance('§', '§', '§', '§')))
      .waitFor({ timeout: SLOW });
    const [before, after] = (
      await main(page)
        .getByRole('row', { name: like(runs.compare.testError) })
        .getByRole('cell')
        .allInnerTexts()
    ).map((text) => Number.parseFloat(text));
    expect(after).toBeLessThan(before!);
    await look('before and after');
    for (const view of ['matrices', 'rejects'] as const) {
      await hands.choose(
        main(page).getByRole('group', { name: runs.compare.view }),
        runs.compare.views[view],
      );
      await main(page).locator(`.charts.${view}`).getByRole('heading').first().waitFor();
      await look(view);
    }
    await hands.press(button(page, like(runs.compare.back)), 'Escape');
    await main(page).getByRole('table').first().waitFor();
    expect(studio.takeErrors()).toEqual([]);
  });
});
