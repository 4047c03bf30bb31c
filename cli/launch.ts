import { type Browser, chromium } from '@playwright/test';
import { browserArguments, browserPath, softwareArguments } from '../scripts/browser';
import type { Adapter } from '../src/core/backend';
import type { BackendChoice } from '../src/core/engine';
import { cacheKey, fileCache, findHardware, type HardwareSearch } from './browser/choose';
import { openWith } from './browser/open';
import { launchOptions, thisMachine, type Way } from './browser/ways';
import { startXvfb } from './browser/xvfb';
import type { PageChoice } from './common-options';

export type LaunchChoice = Pick<PageChoice, 'backend' | 'adapter' | 'headed' | 'ownSignals'>;

export interface LaunchPlan {
  /** What the page is to serve with. */
  readonly backend: BackendChoice;
  /** How the browser is started: by a way to hardware, for the software adapter, or without WebGPU. */
  readonly start: Way | 'software' | 'no WebGPU';
}

export interface Launched {
  readonly browser: Browser;
  readonly backend: BackendChoice;
  /** @throws when this is not an adapter of the kind that the browser was started for */
  check(adapter: Adapter): void;
  close(): Promise<void>;
}

/**
 * Hardware is looked for unless WASM or the software adapter is asked for. What is taken in its place is said.
 * @throws when hardware is asked for and there is none, with the reasons
 */
export async function planLaunch(
  { backend, adapter }: LaunchChoice,
  search: () => Promise<HardwareSearch>,
  say: (line: string) => void,
): Promise<LaunchPlan> {
  if (backend === 'wasm') return { backend, start: 'no WebGPU' };
  if (adapter === 'software') return { backend: 'webgpu', start: 'software' };
  const found = await search();
  if (found.way) return { backend: 'webgpu', start: found.way };
  const advice = '"npm run headway -- doctor" says what to do about it';
  if (adapter === 'hardware') {
    throw new Error(`--adapter hardware: no hardware adapter was found (${found.why}); ${advice}.`);
  }
  const instead = backend === 'webgpu' ? 'the software adapter computes' : 'WASM computes';
  say(`No hardware adapter was found, so ${instead} (${found.why}); ${advice}.`);
  return backend === 'webgpu' ? { backend, start: 'software' } : { backend: 'wasm', start: 'no WebGPU' };
}

/** Starts the project's browser as planned; hardware is looked for once per browser and driver. */
export async function launch(choice: LaunchChoice, say: (line: string) => void): Promise<Launched> {
  const path = browserPath();
  const machine = thisMachine();
  const cache = fileCache();
  const search = () =>
    findHardware({
      browser: path,
      machine,
      open: openWith(path, machine.xvfb),
      cache,
      say,
      headed: choice.headed,
    });
  const { backend, start } = await planLaunch(choice, search, say);
  const { browser, close } = await startBrowser(start, path, machine.xvfb, choice);
  const check = ({ kind, name, software }: Adapter) => {
    const expected = start === 'no WebGPU' ? 'wasm' : start === 'software' ? 'software' : 'hardware';
    const got = kind === 'webgpu' ? (software ? 'software' : 'hardware') : kind;
    if (expected === got) return;
    cache.forget(cacheKey(path, machine));
    throw new Error(`The browser was started for ${expected}, but the page computes on ${name}. Try again.`);
  };
  return { browser, backend, check, close };
}

async function startBrowser(
  start: LaunchPlan['start'],
  executablePath: string,
  xvfb: string | null,
  { headed, ownSignals }: Pick<LaunchChoice, 'headed' | 'ownSignals'>,
): Promise<Pick<Launched, 'browser' | 'close'>> {
  const handled = ownSignals !== true;
  const signals = { handleSIGINT: handled, handleSIGTERM: handled };
  if (typeof start === 'string') {
    const webgpu = start === 'software' ? softwareArguments() : [];
    const args = [...browserArguments(), ...webgpu];
    const browser = await chromium.launch({ ...signals, executablePath, headless: !headed, args });
    return { browser, close: () => browser.close() };
  }
  const screen = start.display === 'xvfb' && xvfb !== null ? await startXvfb(xvfb) : null;
  const env = { ...process.env, ...(screen && { DISPLAY: screen.display }) };
  try {
    const browser = await chromium.launch({ ...launchOptions(start), ...signals, executablePath, env });
    const close = async () => {
      await browser.close();
      screen?.close();
    };
    return { browser, close };
  } catch (error) {
    screen?.close();
    throw error;
  }
}
