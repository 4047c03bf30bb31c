import { type Browser, chromium } from '@playwright/test';
import { browserArguments, browserPath, webgpuArguments } from '../scripts/browser';
import type { PageChoice } from './common-options';

/** The project's browser, with WebGPU asked for unless WASM is all that is wanted. */
export function launch({ backend, headed }: Pick<PageChoice, 'backend' | 'headed'>): Promise<Browser> {
  // Flags for graphics hardware are never set on one's own: they hang where there is none.
  const webgpu = backend === 'wasm' ? [] : webgpuArguments(headed);
  return chromium.launch({
    executablePath: browserPath(),
    headless: !headed,
    args: [...browserArguments(), ...webgpu],
  });
}
