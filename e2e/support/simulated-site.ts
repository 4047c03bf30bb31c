import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build, preview } from 'vite';
import { ROOT } from '../../scripts/build';
import { EPOCH } from './simulated-session';

const PAGE = 'e2e/support/simulated-page.html';

export interface SimulatedSite {
  /** The page over a simulated session, on a day that is the same every time; its own time stands still. */
  open(page: Page): Promise<void>;
  close(): Promise<void>;
}

/** Built as the page itself is, and served with the same headers. */
export async function serveSimulated(): Promise<SimulatedSite> {
  const cache = join(ROOT, '.cache');
  mkdirSync(cache, { recursive: true });
  const outDir = mkdtempSync(join(cache, 'simulated-'));
  const common = { root: ROOT, logLevel: 'error' } as const;
  await build({
    ...common,
    build: { outDir, emptyOutDir: true, rolldownOptions: { input: join(ROOT, PAGE) } },
  });
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { host: 'localhost', port: 0, open: false },
  });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The preview server gave no address.');
  return {
    open: async (page) => {
      await page.clock.setFixedTime(EPOCH);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.goto(`${address}${PAGE}`);
      await page.waitForFunction(() => 'simulate' in window);
    },
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}
