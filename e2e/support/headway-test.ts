import { test as base, expect, type Page } from '@playwright/test';
import type { HeadwayAutomation } from '../../src/core/commands';
import { type Complaints, listen } from './complaints';
import { type KeptProfile, keepProfile, type ProfileOption } from './kept-profile';

/** The page as a test sees it. Whatever it or a worker complains about fails the test, unless it was expected. */
export interface Headway {
  readonly page: Page;
  readonly complaints: Complaints;
  /** Opens the page; `query` as in a link. The load does not start by itself unless `autostart` is set. */
  open(query?: Readonly<Record<string, string>>): Promise<void>;
  /** Opens it and waits for the model. */
  ready(query?: Readonly<Record<string, string>>): ReturnType<typeof modelReady>;
}

const modelReady = (page: Page) => page.evaluate(() => window.headway.ready);

interface Fixtures extends ProfileOption {
  readonly headway: Headway;
}

export const test = base.extend<Fixtures, { readonly keptProfile: () => Promise<KeptProfile> }>({
  profile: ['fresh', { option: true }],
  keptProfile: [
    async ({ launchOptions }, use, { project }) => {
      let kept: Promise<KeptProfile> | undefined;
      await use(() => {
        kept ??= keepProfile(launchOptions, project.use);
        return kept;
      });
      await (await kept)?.context.close();
    },
    { scope: 'worker' },
  ],
  page: async ({ profile, keptProfile, context }, use) => {
    const kept = profile === 'kept' ? await keptProfile() : null;
    await use(await (kept?.context ?? context).newPage());
    await kept?.forget();
  },
  headway: async ({ page }, use) => {
    const complaints = listen(page);
    const open: Headway['open'] = async (query = {}) => {
      await page.goto(`./?${new URLSearchParams({ autostart: 'off', ...query })}`);
      await page.waitForFunction(() => 'headway' in window);
    };
    const ready: Headway['ready'] = async (query = {}) => {
      await open(query);
      return modelReady(page);
    };
    await use({ page, complaints, open, ready });
    expect(complaints.unexpected()).toEqual([]);
  },
});

export { expect };

type Configuration = Parameters<HeadwayAutomation['configure']>[0];

export const configure = (page: Page, changes: Configuration) =>
  page.evaluate((given) => window.headway.configure(given), changes);

export const snapshot = (page: Page) => page.evaluate(() => window.headway.snapshot());

/** The sentence that a rejected call ends with; fails when it does not reject. */
export async function rejection(work: Promise<unknown>): Promise<string> {
  const outcome = await work.then(
    () => 'it did not reject',
    (error: Error) => error.message,
  );
  expect(outcome).not.toBe('it did not reject');
  return outcome;
}
