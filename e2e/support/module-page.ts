import type { Page } from '@playwright/test';
import { createServer } from 'vite';
import { ROOT } from '../../scripts/build';

export interface ModuleServer {
  /** An empty, cross-origin isolated page, in which `import('/src/…')` gives a room's modules. */
  open(page: Page): Promise<void>;
  close(): Promise<void>;
}

/** The sources as they are, module by module, for tests that ask a room itself and not the page. */
export async function serveModules(): Promise<ModuleServer> {
  const server = await createServer({
    root: ROOT,
    logLevel: 'error',
    // One for each test that runs beside others: two servers that fill the same one take each other's files away.
    cacheDir: `node_modules/.headway/vite-modules-${process.env.TEST_PARALLEL_INDEX ?? 0}`,
    server: { host: 'localhost', port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error('The module server gave no address.');
  return {
    open: async (page) => {
      await page.goto(`${address}LICENSE`);
    },
    close: () => server.close(),
  };
}
