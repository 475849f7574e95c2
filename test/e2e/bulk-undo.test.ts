import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeBatchProject } from './batch-project.ts';
import { testDigits, writeClasses } from './digits.ts';
import { Studio } from './harness.ts';
import { freshFolder } from './places.ts';
import { goOn, rowsOf, startAgain } from './recovery.ts';
import { go, importFolder, main, SLOW } from './steps.ts';
import { en } from './words.ts';

const { selection, versions } = en;
const TRAINED = 120;
const TESTED = 40;
const SHEET = 50;
const SOME = 10;
const ZEROS = testDigits(TRAINED + TESTED).filter(({ label }) => label === 0).length;

const folder = freshFolder('bulk-undo');
const project = path.join(folder, 'project');
let studio: Studio;
beforeAll(async () => {
  const labelled = path.join(folder, 'labelled');
  await writeClasses(path.join(labelled, 'train'), testDigits(TRAINED));
  await writeClasses(path.join(labelled, 'test'), testDigits(TESTED, TRAINED));
  await makeBatchProject(project, path.join(folder, 'scans'), 1_200, 20);
  studio = await Studio.launch();
  const { page } = studio;
  await studio.answerFolderDialog(project);
  await main(page).getByRole('button', { name: en.home.open.title }).click();
  await main(page).getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
  await importFolder(studio, labelled);
}, 2 * SLOW);
afterAll(() => studio?.close());

/** Everything that a change of many digits touches; of what a version keeps, what it means, for nothing may stand for as it came. */
const state = () => ({
  digits: rowsOf(
    project,
    `SELECT id, label, split, excluded, COALESCE(kept_label, given_label, -1) AS keptLabel, COALESCE(kept_split, split) AS keptSplit,
      COALESCE(kept_excluded, added) AS keptExcluded FROM digit ORDER BY id`,
  ),
  tags: rowsOf(project, 'SELECT name, digit_id FROM digit_tag JOIN tag ON tag.id = tag_id ORDER BY 1, 2'),
  versions: rowsOf(project, 'SELECT number, name FROM data_version WHERE undone = 0 ORDER BY number'),
  items: rowsOf(project, 'SELECT id, label, decision FROM batch_item ORDER BY id'),
  cells: rowsOf(project, 'SELECT * FROM batch_cell WHERE count > 0 ORDER BY batch_id, label, digit'),
  counts: rowsOf(project, 'SELECT * FROM data_cell WHERE count > 0 ORDER BY data_set_id, split, label'),
  decided: rowsOf(project, 'SELECT * FROM batch_decision WHERE count > 0 ORDER BY batch_id, decision, digit'),
});
type State = ReturnType<typeof state>;

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await studio.page.keyboard.press(key);
};
const changed = (count: number) => studio.page.getByText(selection.changed(count, String(count))).waitFor();
const shows = (count: number) =>
  main(studio.page)
    .getByRole('heading', { name: en.common.digits(count, String(count)), exact: true })
    .waitFor();
/** The first digits that are shown, or the last. */
async function select(end: 'Control+Home' | 'Control+End'): Promise<void> {
  await main(studio.page).getByRole('grid').focus();
  await press(end);
  for (let more = 1; more < SOME; more++)
    await press(`Shift+Arrow${end === 'Control+Home' ? 'Right' : 'Left'}`);
}

interface Change {
  /** As undo names it. */
  step: string;
  make(): Promise<void>;
}
const changes: Change[] = [
  {
    step: selection.steps.tag(TRAINED + TESTED, String(TRAINED + TESTED)),
    async make() {
      await go(studio.page, 'data');
      await main(studio.page).getByRole('grid').focus();
      await press('Control+a', 't');
      await studio.page.keyboard.type('smudged');
      await press('Enter');
      await changed(TRAINED + TESTED);
    },
  },
  {
    step: en.shell.status.changes(String(SOME), '7'),
    async make() {
      // Zeros, so that each label becomes another one.
      await main(studio.page).getByRole('grid').focus();
      await press('0');
      await shows(ZEROS);
      await select('Control+Home');
      await press('g');
      await studio.page.getByRole('menuitem', { name: selection.labelTo(7) }).click();
      await changed(SOME);
    },
  },
  {
    step: selection.steps.split(SOME, String(SOME)),
    async make() {
      await press('a');
      await main(studio.page).getByText(en.data.split.train, { exact: true }).first().click();
      await shows(TRAINED);
      await select('Control+End');
      await press('p');
      await studio.page.getByRole('menuitem', { name: selection.splits.test }).click();
      await changed(SOME);
    },
  },
  {
    step: versions.steps.commit(2 * SOME, String(2 * SOME)),
    async make() {
      await press('v');
      await main(studio.page).getByLabel(versions.name).fill('Monday');
      await press('Enter');
      await main(studio.page)
        .getByRole('button', { name: versions.numberAndName('2', 'Monday') })
        .waitFor();
    },
  },
  {
    step: en.decide.steps.sheet(SHEET, String(SHEET)),
    async make() {
      await go(studio.page, 'review');
      await main(studio.page).locator('.panel h2').waitFor();
      await press('g');
      await main(studio.page).getByRole('listbox').waitFor();
      await main(studio.page)
        .locator('.tile')
        .nth(SHEET - 1)
        .waitFor();
      await press(' ', 'ArrowRight', 'r', 'ArrowRight', '3');
      await press('Enter');
      await expect
        .poll(() => rowsOf(project, 'SELECT 1 FROM batch_item WHERE decision IS NOT NULL').length)
        .toBe(SHEET);
    },
  },
];

/** States before the first change, after it, after the second and so on. */
const states: State[] = [];

async function takeBackAll(): Promise<void> {
  for (let at = changes.length; at > 0; at--) {
    expect(state()).toEqual(states[at]);
    await press('Control+z');
    await studio.page.getByText(en.shell.undone(changes[at - 1]!.step), { exact: true }).waitFor();
    expect(state()).toEqual(states[at - 1]);
  }
}
async function bringAllBack(): Promise<void> {
  for (const { step } of changes) {
    await press('Control+Shift+z');
    await studio.page.getByText(en.shell.redone(step), { exact: true }).waitFor();
  }
  expect(state()).toEqual(states.at(-1));
}

it('changes many digits at a time: tags, labels, splits, a version, a sheet', async () => {
  states.push(state());
  for (const { make } of changes) {
    await make();
    states.push(state());
    expect(states.at(-1)).not.toEqual(states.at(-2));
  }
});

it('takes each back by one undo after the engine was killed, and does all again', async () => {
  await studio.killEngine();
  await goOn(studio, en.shell.engine.kept.project);
  // The sheet is where it was, with what is left for it.
  await main(studio.page).getByRole('listbox').waitFor();
  await takeBackAll();
  await bringAllBack();
});

it('takes each back after the window was closed and started again', async () => {
  await studio.close();
  studio = await startAgain(studio.home, 'Queue');
  await takeBackAll();
  await go(studio.page, 'data');
  // As it was left.
  await shows(TRAINED);
  await press('v');
  await main(studio.page).getByText(versions.pendingNone).waitFor();
  // Nor is any of it done again by a key too many.
  await press('Control+z');
  await studio.page.getByText(en.shell.nothingToUndo).waitFor();
  expect(state()).toEqual(states[0]);
  expect(studio.takeErrors()).toEqual([]);
});
