import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

/** Script tags are against the page's CSP, so axe goes in through the debugger. */
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong with the page as it is now. */
export async function violations(page: Page) {
  await page.evaluate(AXE);
  return page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const found = await axe.run({ runOnly: tags });
    return found.violations.map(({ id, help, nodes }) => ({
      id,
      help,
      where: nodes.map(({ html }) => html),
    }));
  }, RULES);
}

/** Both colour schemes, wide and narrow. */
export const SCREENS = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'dark', width: 1440, height: 900 },
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 390, height: 844 },
] as const;

/** Shows the page on each screen in turn. */
export async function onEachScreen(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  for (const { colorScheme, width, height } of SCREENS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await look(`${colorScheme}-${width}`);
  }
}

/** Axe finds nothing on any screen. @param what is seen, for the message */
export const expectAccessible = (page: Page, what: string): Promise<void> =>
  onEachScreen(page, async (screen) => {
    expect.soft(await violations(page), `${what}, ${screen}`).toEqual([]);
  });
