import { defineConfig } from 'vitest/config';

/** Unit tests stand beside the code they test and run in Node, without a browser. e2e/ belongs to Playwright. */
export default defineConfig({
  define: { __HEADWAY_REVISION__: JSON.stringify('test') },
  test: {
    include: ['{src,cli,bench,scripts,testing,training}/**/*.test.{ts,tsx}'],
    // Modules loaded once for all files, which share no state: a third less of processor time.
    isolate: false,
    // Two cores that a build or a browser may share: a property test's time is not its result.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
