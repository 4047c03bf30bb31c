import { defineConfig } from '@playwright/test';
import { launchOptions } from './cli/browser/ways';
import type { ProfileOption } from './e2e/support/kept-profile';
import { browserArguments, browserPath, softwareArguments } from './scripts/browser';
import { gpuProjects } from './scripts/gpu-projects';

const launch = (args: readonly string[] = []) => ({
  launchOptions: { executablePath: browserPath(), args: [...browserArguments(), ...args] },
});

const SOFTWARE = softwareArguments();

/** What asserts a time or a rate, and so shares its machine with nobody. */
const TIMED = '{batching-gain,performance,remote,scheduling,send-lag,watchdog}.spec.ts';
const ALONE = { workers: 1 };
/** What a real GPU is asked: its own tests, and those of the software adapter that hold for each adapter. */
const GPU_TESTS = ['*.gpu.spec.ts', '{backend,lost-device,memory,same-tokens,sampling}.webgpu.spec.ts'];
/** What a browser compiled it keeps for the next test: most of them are not about a first visit. */
const KEPT = { profile: 'kept' } as const;
/** A picture that moves 60 times a second takes a tenth of a core from the tests that do not look at it. */
const STILL = { contextOptions: { reducedMotion: 'reduce' } } as const;

/**
 * webgpu: on Chromium's software adapter, slow, so few tokens; it uses every core, so one at a time. page: the page on WASM,
 * beside it, since neither asserts a time. timed: on WASM, what does. overload: there, for two real minutes. long: on the
 * software adapter or for ten minutes, only when asked for (`npm run test:long`). gpu-headless, gpu-headed: on this machine's
 * real GPU, in the way that `npm run test:gpu` has found; only there, and only after a test has seen the hardware.
 */
const projects = [
  { name: 'webgpu', testMatch: '*.webgpu.spec.ts', use: { ...launch(SOFTWARE), ...STILL }, ...ALONE },
  {
    name: 'page',
    testMatch: '*.spec.ts',
    testIgnore: ['*.webgpu.spec.ts', '*.gpu.spec.ts', '*.long.spec.ts', 'overload.spec.ts', TIMED],
    use: { ...launch(), ...STILL, ...KEPT },
  },
  { name: 'timed', testMatch: TIMED, use: { ...launch(), ...KEPT }, ...ALONE },
  { name: 'overload', testMatch: 'overload.spec.ts', use: { ...launch(), ...STILL }, ...ALONE },
  { name: 'long', testMatch: '*.long.spec.ts', use: launch(SOFTWARE), ...ALONE },
  ...gpuProjects(process.env).flatMap(({ name, way }) => {
    const use = { launchOptions: { ...launchOptions(way), executablePath: browserPath() }, headless: false };
    const adapter = { name: `${name} adapter`, testMatch: 'adapter.gpu.spec.ts', use, ...ALONE };
    const tests = { name, testMatch: GPU_TESTS, testIgnore: 'adapter.gpu.spec.ts', use, ...ALONE };
    return [adapter, { ...tests, dependencies: [adapter.name] }];
  }),
];

export default defineConfig<ProfileOption>({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 30_000, toHaveScreenshot: { scale: 'device', maxDiffPixelRatio: 0.01 } },
  snapshotPathTemplate: 'e2e/pictures/{arg}{ext}',
  reporter: [['list'], ['json', { outputFile: process.env.HEADWAY_REPORT ?? 'test-results/e2e.json' }]],
  use: {
    // Written by the server below when it has found its port.
    baseURL: `http://localhost:${process.env.HEADWAY_PORT ?? ''}/`,
    // A trace is written all the time, and takes a core from what is measured: ask for it with --trace on.
    screenshot: 'only-on-failure',
  },
  projects,
  webServer: {
    command: 'node --import tsx scripts/start.ts --no-open',
    env: { PORT: '0' },
    wait: { stdout: /Headway is at http:\/\/localhost:(?<HEADWAY_PORT>\d+)/ },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2_000 },
  },
});
