import type { Page } from '@playwright/test';
import { ensureBuilt } from '../scripts/build';
import { type Served, serve } from '../scripts/serve';
import type { ServingInfo } from '../src/core/engine';
import { slotsOf } from '../src/core/serving-config';
import { isHub } from '../src/model/directory/directory-name';
import { sayNeed } from '../src/model/synthetic/memory';
import { isSynthetic, parseSynthetic } from '../src/model/synthetic/spec';
import type { PageChoice } from './common-options';
import { launch } from './launch';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import type { Progress } from './progress';

declare const window: PageWindow;

export interface Session {
  readonly page: Page;
  readonly info: ServingInfo;
  /** What serves the page, to this machine alone. */
  readonly site: Served;
  /** "Chromium 156.0.8078.79" */
  readonly browser: string;
}

/**
 * Opens the production page in a real browser, has it serve the chosen model, and closes everything when `use` ends.
 * @throws the page's own sentence when the model cannot be served
 */
export async function withPage<Result>(
  choice: PageChoice,
  progress: Progress,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  await ensureBuilt(progress.say);
  const served = await serve(0);
  try {
    const launched = await launch(choice, progress.say);
    const { browser, backend } = launched;
    try {
      const page = await browser.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') progress.say(`page: ${message.text()}`);
      });
      const lost = new Promise<never>((_, reject) => {
        page.on('crash', () =>
          reject(new Error('The page crashed; the browser may have run out of memory.')),
        );
        browser.on('disconnected', () =>
          reject(new Error('The browser went away before the work was done.')),
        );
      });
      lost.catch(() => {});
      const run = async () => {
        const info = await open(page, served.url, { ...choice, backend }, progress);
        launched.check(info.adapter);
        return await use({ page, info, site: served, browser: `Chromium ${browser.version()}` });
      };
      return await Promise.race([run(), lost]);
    } finally {
      await launched.close();
    }
  } finally {
    await served.close();
  }
}

async function open(page: Page, url: string, choice: PageChoice, progress: Progress): Promise<ServingInfo> {
  const { model, backend, wasmThreads, serving } = choice;
  const query = new URLSearchParams({ autostart: 'off', backend });
  query.set('wasm-threads', String(wasmThreads));
  query.set('policy', serving.policy);
  query.set('max-batch', String(serving.maxBatch));
  if (model) query.set('model', model);
  if (model && isSynthetic(model)) {
    const { shape, dtype } = parseSynthetic(model);
    progress.say(`${model}: ${sayNeed(shape, dtype, slotsOf(serving))}`);
  }
  progress.show('opening the page');
  await page.goto(`${url}?${query}`);
  await page.waitForFunction(() => 'headway' in window);
  progress.show('loading the model');
  const address = model && addressOf(model, url);
  const info = await sentence(page.evaluate(serveChosen, { model, address, backend }));
  const software = info.adapter.software ? ' (a software adapter: figures say nothing about a GPU)' : '';
  progress.say(`${info.model.name} on ${info.adapter.kind}: ${info.adapter.name}${software}`);
  if (info.note) progress.say(info.note);
  return info;
}

/** How the page calls the model once it is served: a directory by its whole address. @param page the page's own address */
export function addressOf(model: string, page: string): string {
  if (isSynthetic(model) || isHub(model) || !URL.canParse(model, page)) return model;
  const { origin, pathname } = new URL(model, page);
  return `${origin}${pathname.replace(/\/*$/, '/')}`;
}

/** Runs in the page. A link with a model that the page cannot serve falls back to the default one; here it is refused. */
async function serveChosen({
  model,
  address,
  backend,
}: Pick<PageChoice, 'model' | 'backend'> & { readonly address: string | null }): Promise<ServingInfo> {
  const info = await window.headway.ready;
  return model === null || info.model.url === address ? info : window.headway.loadModel({ model, backend });
}
