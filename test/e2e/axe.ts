import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What axe has to complain of, in few words. */
export async function complaints(page: Page, where: string): Promise<string[]> {
  // The legacy mode needs no second page, which the window would not open.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.map(
    ({ id, help, nodes }) =>
      `${where}: ${id} (${help}): ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
  );
}
