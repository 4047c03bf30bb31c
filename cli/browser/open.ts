import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from '@playwright/test';
import { headersFor } from '../../scripts/headers';
import { hubOf } from '../../scripts/hub';
import { askPage, computeInPage, type PageFacts } from './ask-page';
import { launchOptions, type Way } from './ways';
import { startXvfb } from './xvfb';

/** A browser that was started to be asked one question. */
export interface ProbedBrowser {
  /** "156.0.8078.79" */
  readonly version: string;
  ask(): Promise<PageFacts>;
  /** Ends it by force, whatever it does. */
  kill(): Promise<void>;
}

/** Starts a browser of its own for each way. Tests have fake ones. @param limitMs after which starting it has failed */
export type OpenBrowser = (way: Way, limitMs: number) => Promise<ProbedBrowser>;

/** Playwright tells a whole story; its first line says what happened. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = message] = message.replace(/^(browserType|page)\.\w+: /, '').split('\n');
  return first.trim().replace(/\.$/, '');
}

/** An empty page with the headers of the product's own, on this machine alone. */
async function serveEmptyPage() {
  const hub = hubOf();
  const headers = new Map(Object.entries(headersFor(hub)));
  const server = createServer((_, answer) => {
    answer.setHeaders(headers);
    answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Headway</title>');
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}/`, hub: hub.origin, close: () => void server.close() };
}

/**
 * Opens browsers with Playwright, as processes that can be ended whatever state they are in.
 * @param xvfb path of the Xvfb program, for the ways that need it
 */
export const openWith =
  (executablePath: string, xvfb: string | null): OpenBrowser =>
  async (way, limitMs) => {
    const screen = way.display === 'xvfb' && xvfb !== null ? await startXvfb(xvfb) : null;
    const site = await serveEmptyPage();
    const release = () => {
      site.close();
      screen?.close();
    };
    try {
      const server = await chromium.launchServer({
        ...launchOptions(way),
        executablePath,
        // Playwright ends the process then; the caller has given up shortly before.
        timeout: limitMs + 500,
        ...(screen && { env: { ...process.env, DISPLAY: screen.display } }),
      });
      const kill = async () => {
        release();
        await server.kill();
      };
      try {
        const browser = await chromium.connect(server.wsEndpoint(), { timeout: limitMs });
        const ask = async (): Promise<PageFacts> => {
          const page = await browser.newPage();
          await page.goto(site.url);
          const facts = await page.evaluate(askPage, { hub: site.hub });
          if (!facts.adapter) return facts;
          const fault = await page.evaluate(computeInPage).then(
            (right) => (right ? null : 'a compute shader gave wrong numbers'),
            (error: Error) => `a compute shader failed: ${firstLine(error)}`,
          );
          return { ...facts, adapter: { ...facts.adapter, fault } };
        };
        return { version: browser.version(), ask, kill };
      } catch (error) {
        await kill();
        throw error;
      }
    } catch (error) {
      release();
      throw error;
    }
  };
