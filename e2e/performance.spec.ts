import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { ROOT } from '../scripts/build';
import { medianOf } from '../src/metrics/percentiles';
import { completedOf, startBriskLoad } from './support/brisk-load';
import { expect, test } from './support/headway-test';
import { traceMainThread } from './support/main-thread';

const BUSY_SHARE = 0.3;
const LONGEST_TASK_MS = 100;
const FIRST_PAINT_MS = 1000;
/** From then on there are figures to read and settings to move, the charts apart. */
const DRAWN_MS = 2000;
const FIRST_SCRIPTS_KB = 300;
/** A name of the serving worker and what it loads, and a word that only the charts' library has. */
const RUNTIME = /serving-worker|ort[.-]/;
const CHARTS = 'recharts-surface';
/** The address that a static import names; a lazy part of the page is a call, `import("…")`. */
const STATIC_IMPORT = /(?:from|import)\s*"\.\/([^"]+)"/g;

const measured = (description: string) => test.info().annotations.push({ type: 'measured', description });

test('at 500 requests a second the main thread is busy for less than 30 %, and never for long', async ({
  headway,
}) => {
  const { page } = headway;
  await page.setViewportSize({ width: 1440, height: 900 });
  await startBriskLoad(headway);
  const before = await completedOf(page);
  const { wallMs, busyMs, longestMs } = await traceMainThread(page, 10_000);
  const after = await completedOf(page);
  const rps = ((after.completed - before.completed) * 1000) / (after.at - before.at);
  const share = busyMs / wallMs;
  measured(
    `${rps.toFixed(0)} requests/s, busy ${(100 * share).toFixed(1)} %, longest task ${longestMs.toFixed(1)} ms`,
  );
  expect(rps).toBeGreaterThan(500);
  expect(share).toBeLessThan(BUSY_SHARE);
  expect(longestMs).toBeLessThan(LONGEST_TASK_MS);
});

test('something is painted within a second of a first visit, and the page soon after', async ({
  browser,
  baseURL,
}) => {
  const visits: Visit[] = [];
  for (let visit = 0; visit < 3; visit++) visits.push(await firstVisit(browser, baseURL ?? ''));
  const said = (read: (visit: Visit) => number) => visits.map((visit) => read(visit).toFixed(0)).join(', ');
  measured(
    `first paint after ${said(({ painted }) => painted)} ms, page after ${said(({ drawn }) => drawn)} ms`,
  );
  // The middle one: what else the machine does now and then is not the page's.
  expect(medianOf(visits.map(({ painted }) => painted))).toBeLessThan(FIRST_PAINT_MS);
  expect(medianOf(visits.map(({ drawn }) => drawn))).toBeLessThan(DRAWN_MS);
});

test('the page stands on at most 300 KB of compressed scripts, without its charts and its runtime', async ({
  page,
}) => {
  const scripts = new Map<string, string>();
  const came = new Set<string>();
  const held: string[] = [];
  await page.route(/\.js$/, async (route) => {
    const { pathname } = new URL(route.request().url());
    const script = readFileSync(join(ROOT, 'dist', pathname), 'utf8');
    // Charts and runtime are asked for and never come: the page is there without them.
    scripts.set(pathname, script);
    if (RUNTIME.test(pathname) || script.includes(CHARTS)) held.push(pathname);
    else {
      came.add(pathname);
      await route.continue();
    }
  });
  await page.goto('./?autostart=off&backend=wasm');
  await expect(page.getByRole('heading', { name: 'Throughput against tail latency' })).toBeVisible();
  await expect.poll(() => held.length, { message: 'charts and runtime are asked for' }).toBeGreaterThan(1);
  // Entry, workers and lazy parts, the charts apart, and what they import; what only charts import comes with them.
  const isChart = (path: string) => withImports([path], scripts).some((one) => held.includes(one));
  const imported = new Set([...scripts.values()].flatMap(importsOf));
  const roots = [...came].filter((path) => !imported.has(path) && !isChart(path));
  const needed = withImports(roots, scripts);
  expect(needed.length).toBeGreaterThan(2);
  const kb = (path: string) => gzipSync(scripts.get(path) ?? '').length / 1000;
  const listed = needed.map((path) => `${path} ${kb(path).toFixed(1)} kB`).join('\n');
  measured(listed);
  const total = needed.reduce((sum, path) => sum + kb(path), 0);
  expect(total, `kB, gzip:\n${listed}`).toBeLessThan(FIRST_SCRIPTS_KB);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

const importsOf = (script: string) =>
  [...script.matchAll(STATIC_IMPORT)].map(([, name]) => `/assets/${name}`);

/** The scripts at these paths and all that they import statically, which has to come before they run. */
function withImports(roots: readonly string[], scripts: ReadonlyMap<string, string>): readonly string[] {
  const needed = new Set(roots);
  for (const path of needed) {
    for (const one of importsOf(scripts.get(path) ?? '')) needed.add(one);
  }
  return [...needed];
}

/** Since the address was called, ms. */
interface Visit {
  /** First contentful paint. */
  readonly painted: number;
  /** When the page's own elements stood in the document. */
  readonly drawn: number;
}

/** With nothing in any cache. */
async function firstVisit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page: Page = await context.newPage();
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (!document.querySelector('main')) return;
      performance.mark('drawn');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(url);
  await page.locator('main').waitFor();
  const visit = await page.evaluate(
    () =>
      new Promise<Visit>((resolve) => {
        const drawn = performance.getEntriesByName('drawn')[0]?.startTime ?? Number.POSITIVE_INFINITY;
        new PerformanceObserver((list) => {
          const paint = list.getEntriesByName('first-contentful-paint')[0];
          if (paint) resolve({ painted: paint.startTime, drawn });
        }).observe({ type: 'paint', buffered: true });
      }),
  );
  await context.close();
  return visit;
}
