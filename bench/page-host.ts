import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { TooLate, within } from '../cli/browser/within';
import type { PageChoice } from '../cli/common-options';
import { type Launched, launch } from '../cli/launch';
import { sentence } from '../cli/page-error';
import { ROOT } from '../scripts/build';
import type { WasmThreads } from '../src/core/wasm-threads';
import type { Kind, Measures, PeerMeasures } from './measures';

/** What the bench's page publishes: its two workers. */
interface Workers {
  readonly measures: Measures;
  readonly peer: PeerMeasures;
}
declare const window: Workers;

/** A fresh browser with the bench's page: workers that have measured nothing yet. */
export interface BenchPage extends Workers {
  close(): Promise<void>;
}

export interface PageHost {
  /** Of the page, ending in "/". */
  readonly url: string;
  /** "Chromium 156.0.8078.79": of the pages opened so far. */
  readonly browser: string;
  open(kind: Kind): Promise<BenchPage>;
  /** Closes what is open: a page that hangs holds its browser. */
  closePages(): Promise<void>;
  close(): Promise<void>;
}

/** A frozen worker cannot say so: after this long a measurement counts as failed. */
const LONGEST_CALL_MS = 300_000;
const CLOSE_MS = 5_000;

/** Builds the bench's page and serves it to this machine alone. @param choice which adapter WebGPU computes on */
export async function hostPages(
  { adapter, headed, wasmThreads }: Pick<PageChoice, 'adapter' | 'headed' | 'wasmThreads'>,
  say: (line: string) => void,
): Promise<PageHost> {
  // Nobody else cleans up there in the quarter of an hour that it is served.
  const outDir = mkdtempSync(join(tmpdir(), 'headway-bench-'));
  const configFile = join(ROOT, 'bench', 'vite.config.ts');
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  const server = await preview({
    configFile,
    // Otherwise a missing model file is answered with the page itself and 200.
    appType: 'mpa',
    logLevel: 'error',
    build: { outDir },
    preview: { host: 'localhost', port: 0, open: false },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server gave no address.');
  let version = 'no browser';
  const open = new Set<BenchPage>();
  return {
    url,
    get browser() {
      return version;
    },
    open: async (kind) => {
      const launched = await launch(
        { backend: kind, adapter: kind === 'wasm' ? 'auto' : adapter, headed },
        say,
      );
      version = `Chromium ${launched.browser.version()}`;
      const page = await openPage(launched, url, wasmThreads);
      open.add(page);
      const close = async () => {
        open.delete(page);
        await page.close();
      };
      return { ...page, close };
    },
    closePages: async () => {
      await Promise.all([...open].map((page) => within(CLOSE_MS, page.close(), 'no end').catch(() => {})));
      open.clear();
    },
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

async function openPage(
  { browser, check, close }: Launched,
  url: string,
  wasmThreads: WasmThreads,
): Promise<BenchPage> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const gone = new Promise<never>((_, reject) => {
    page.on('crash', () => reject(new Error('The page crashed; the browser may have run out of memory.')));
    browser.on('disconnected', () => reject(new Error('The browser went away.')));
  });
  gone.catch(() => {});
  await page.goto(url);
  await page.waitForFunction(() => 'measures' in window);

  const calls = (worker: keyof Workers) => (name: string, args: readonly unknown[]) => {
    const answer = sentence(page.evaluate(inPage, { worker, name, args }));
    return within(LONGEST_CALL_MS, Promise.race([answer, gone]), 'the page did not answer').catch((error) => {
      throw error instanceof TooLate ? new Error([error.message, ...complaints.slice(-3)].join('; ')) : error;
    });
  };
  const measures = remote<Measures>(calls('measures'), {});
  const open: Measures['open'] = async (choice) => {
    const opened = await measures.open({ wasmThreads, ...choice });
    check(opened.adapter);
    return opened;
  };
  return {
    measures: remote<Measures>(calls('measures'), { open }),
    peer: remote<PeerMeasures>(calls('peer'), {}),
    close,
  };
}

/** Every method but the given ones is a call over there. */
function remote<Worker extends object>(
  call: (name: string, args: readonly unknown[]) => Promise<unknown>,
  own: Partial<Worker>,
): Worker {
  return new Proxy(own as Worker, {
    get: (own, name) => Reflect.get(own, name) ?? ((...args: readonly unknown[]) => call(String(name), args)),
  });
}

interface Call {
  readonly worker: keyof Workers;
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Runs in the page. */
function inPage({ worker, name, args }: Call): Promise<unknown> {
  const methods = window[worker] as unknown as Readonly<
    Record<string, (...args: readonly unknown[]) => Promise<unknown>>
  >;
  const method = methods[name];
  if (!method) throw new Error(`The page has no ${worker}.${name}.`);
  return method(...args);
}
