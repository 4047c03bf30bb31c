import { chromium } from '@playwright/test';
import { browserArguments, browserPath, webgpuArguments } from './browser';

/** What a browser says of its adapter. */
interface AdapterInfo {
  readonly isFallbackAdapter: boolean;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
}

/** The little of a page's globals that is asked for here: Node has none of them. */
interface PageGlobals {
  readonly navigator: {
    readonly gpu?: {
      requestAdapter(options: object): Promise<{ readonly info: AdapterInfo } | null>;
    };
  };
}

/** Why this adapter is no graphics hardware, as words; null where it is. */
export function whyNotReal(found: AdapterInfo | null): string | null {
  if (!found) return 'WebGPU finds no adapter on this machine';
  const name = [found.vendor, found.architecture, found.description].filter(Boolean).join(' ') || 'unnamed';
  const software = found.isFallbackAdapter || /swiftshader|llvmpipe|basic render/i.test(name);
  return software ? `the adapter is ${name}, which computes on the CPU` : null;
}

/** Why there is no real GPU for a browser in a window here, as words; null where there is one. */
export async function whyNoRealGpu(): Promise<string | null> {
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return 'there is no display, and a browser without a window gets a software adapter only';
  }
  try {
    return whyNotReal(await findAdapter());
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    return `no browser window could be opened (${line})`;
  }
}

async function findAdapter(): Promise<AdapterInfo | null> {
  const browser = await chromium.launch({
    executablePath: browserPath(),
    headless: false,
    args: [...browserArguments(), ...webgpuArguments(true)],
  });
  try {
    const page = await browser.newPage();
    // WebGPU is for secure pages only; this one comes from nowhere.
    await page.route('**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
    await page.goto('https://headway.invalid/');
    return await page.evaluate(async () => {
      const { gpu } = (globalThis as unknown as PageGlobals).navigator;
      const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
      if (!adapter) return null;
      const { isFallbackAdapter, vendor, architecture, description } = adapter.info;
      return { isFallbackAdapter, vendor, architecture, description };
    });
  } finally {
    await browser.close();
  }
}
