import type { AdapterFacts, PageFacts } from '../cli/browser/ask-page';
import type { OpenBrowser } from '../cli/browser/open';

/** What a fake browser does when it is started in one way. */
export type FakeBrowser =
  | { readonly does: 'answer'; readonly facts: PageFacts }
  | { readonly does: 'fail to start'; readonly message: string }
  | { readonly does: 'hang at its start' }
  | { readonly does: 'hang on its page' };

export const FAKE_VERSION = '999.0.1.2';

const limits = {
  maxBufferSize: 2 ** 31,
  maxStorageBufferBindingSize: 2 ** 30,
  maxComputeWorkgroupStorageSize: 32_768,
};

export const HARDWARE: AdapterFacts = {
  name: 'nvidia hopper',
  software: false,
  fault: null,
  features: ['shader-f16', 'subgroups'],
  limits,
};

export const SOFTWARE_ADAPTER: AdapterFacts = {
  name: 'google swiftshader',
  software: true,
  fault: null,
  features: ['subgroups', 'timestamp-query'],
  limits,
};

/** A page that answers, with everything but an adapter unless one is given. */
export const answering = (adapter: AdapterFacts | null, facts: Partial<PageFacts> = {}): FakeBrowser => ({
  does: 'answer',
  facts: { webgpu: true, adapter, isolated: true, cores: 8, wasm: true, hubReachable: true, ...facts },
});

export interface FakeBrowsers {
  readonly open: OpenBrowser;
  /** `how` of every way in which one was started, in their order. */
  readonly opened: readonly string[];
  /** Browsers that run now. */
  readonly running: () => number;
}

const never = <Result>() => new Promise<Result>(() => {});

/** @param of what the browser does in each way, by `how`; `others` in all that are not named */
export function fakeBrowsers(
  of: Readonly<Record<string, FakeBrowser>>,
  others: FakeBrowser = answering(SOFTWARE_ADAPTER),
): FakeBrowsers {
  const opened: string[] = [];
  let running = 0;
  const open: OpenBrowser = async ({ how }) => {
    opened.push(how);
    const fake = of[how] ?? others;
    if (fake.does === 'fail to start') throw new Error(fake.message);
    if (fake.does === 'hang at its start') return never();
    running += 1;
    return {
      version: FAKE_VERSION,
      ask: () => (fake.does === 'answer' ? Promise.resolve(fake.facts) : never()),
      kill: async () => {
        running -= 1;
      },
    };
  };
  return { open, opened, running: () => running };
}
