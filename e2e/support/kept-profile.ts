import { type BrowserContext, chromium, type LaunchOptions, type TestInfo } from '@playwright/test';

/** `fresh`: a browser as of a first visit. `kept`: as empty, but it remembers compiled code, half of what opening the page costs. */
export interface ProfileOption {
  readonly profile: 'fresh' | 'kept';
}

/** A browser profile that outlives a test, so that code which was compiled once is not compiled for each page. */
export interface KeptProfile {
  readonly context: BrowserContext;
  /** Closes what a test left open, and leaves nothing of what its pages stored or were allowed. */
  forget(): Promise<void>;
}

type Use = TestInfo['project']['use'];

export async function keepProfile(
  launchOptions: LaunchOptions,
  { baseURL, contextOptions }: Pick<Use, 'baseURL' | 'contextOptions'>,
): Promise<KeptProfile> {
  if (!baseURL) throw new Error('No base URL: the server of the tests has not told its port.');
  // An empty name: a directory that goes with the browser.
  const context = await chromium.launchPersistentContext('', {
    ...launchOptions,
    ...contextOptions,
    baseURL,
  });
  const [blank = await context.newPage()] = context.pages();
  const devtools = await context.newCDPSession(blank);
  return {
    context,
    forget: async () => {
      const left = context.pages().filter((page) => page !== blank);
      const urls = [baseURL, ...left.map((page) => page.url())].filter((url) => /^https?:/.test(url));
      const origins = new Set(urls.map((url) => new URL(url).origin));
      await Promise.all(left.map((page) => page.close()));
      await context.clearPermissions();
      for (const origin of origins) {
        await devtools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'all' });
      }
    },
  };
}
