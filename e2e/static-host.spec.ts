import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { browserArguments, browserPath } from '../scripts/browser';
import { ROOT } from '../scripts/build';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** dist/ under a path of its own, by a server that sends no header but the type. */
async function plainHost() {
  const server = createServer(async ({ url = '/' }, response) => {
    const path = new URL(url, 'http://host').pathname;
    const name = path.replace(/^\/pages\/headway\//, '');
    try {
      if (name === path) throw new Error('outside');
      const file = name === '' ? 'index.html' : name;
      const body = await readFile(join(ROOT, 'dist', file));
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/pages/headway/`, close: () => server.close() };
}

test('a folder on a host without headers is isolated after the first load, runs with threads, and works offline', async () => {
  test.setTimeout(180_000);
  const host = await plainHost();
  const browser = await chromium.launch({ executablePath: browserPath(), args: browserArguments() });
  const context = await browser.newContext();
  const page = await context.newPage();
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) violations.push(message.text());
  });
  try {
    await page.goto(`${host.url}?backend=wasm&autostart=off`);
    await expect
      .poll(() => page.evaluate(() => crossOriginIsolated && 'headway' in window).catch(() => false))
      .toBe(true);
    const served = () => page.evaluate(() => window.headway.ready);
    const cores = await page.evaluate(() => navigator.hardwareConcurrency);
    const { adapter, model } = await served();
    expect(model.name).toBe('mini-gpt');
    expect(Number(/(\d+) threads?/.exec(adapter.name)?.[1])).toBeGreaterThan(cores > 2 ? 1 : 0);
    expect(
      await page.evaluate(
        () =>
          new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof
          SharedArrayBuffer,
      ),
    ).toBe(true);

    await context.setOffline(true);
    host.close();
    await page.reload();
    expect((await served()).model.name).toBe('mini-gpt');
    await page.evaluate(() => window.headway.startLoad());
    await expect
      .poll(() => page.evaluate(() => window.headway.snapshot()?.latency?.count ?? 0))
      .toBeGreaterThan(0);
    for (const [tab, heading] of [
      ['Experiments', 'Experiments'],
      ['Compare', null],
      ['Lessons', 'Lessons'],
    ] as const) {
      await page.getByRole('link', { name: tab, exact: true }).click();
      await expect(
        page
          .getByRole('main')
          .getByText(heading ?? /No run is kept|Choose two runs/)
          .first(),
      ).toBeVisible();
    }
    expect(violations).toEqual([]);
  } finally {
    await browser.close();
    host.close();
  }
});
