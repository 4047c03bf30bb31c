import { describe, expect, test } from 'vitest';
import {
  answering,
  FAKE_VERSION,
  type FakeBrowser,
  fakeBrowsers,
  HARDWARE,
  SOFTWARE_ADAPTER,
} from '../../testing/fake-browsers';
import type { AdapterCache } from './choose';
import { type Examination, examine, type Patient } from './examine';
import { DOCTOR_LIMITS, type ProbeLimits } from './probe';
import { type Machine, waysOf } from './ways';

const SERVER: Machine = { platform: 'linux', env: {}, xvfb: null };
/** The program of this very test stands for the browser's: it is there. */
const PATH = process.execPath;
/** Fakes answer at once or never. */
const SHORT: ProbeLimits = { eachMs: 20, allMs: 60, abreast: 3 };

function examineWith(
  of: Readonly<Record<string, FakeBrowser>>,
  { others, ...patient }: Partial<Patient> & { readonly others?: FakeBrowser } = {},
) {
  const browsers = fakeBrowsers(of, others);
  const kept: unknown[] = [];
  const cache: AdapterCache = {
    get: () => undefined,
    set: (_, finding) => void kept.push(finding),
    forget: () => void kept.push(null),
  };
  const examined = examine({
    machine: SERVER,
    browser: { path: PATH },
    version: async () => '1.2.3',
    open: browsers.open,
    cache,
    slotBytes: 2 ** 20,
    threadsOf: ({ cores }) => cores / 2,
    say: () => {},
    limits: SHORT,
    ...patient,
  });
  return { examined, browsers, kept };
}

const errors = ({ diagnosis }: Examination) => diagnosis.probes.map(({ error }) => error);

test('hardware behind flags is found and named, with what matters of it', async () => {
  const { examined, kept } = examineWith({ 'headless, Vulkan': answering(HARDWARE) });
  const { diagnosis, advice } = await examined;
  expect(diagnosis).toMatchObject({
    node: process.versions.node,
    browser: { path: PATH, version: FAKE_VERSION },
    adapter: 'nvidia hopper',
    features: { 'shader-f16': true, subgroups: true, 'timestamp-query': false },
    limits: { maxStorageBufferBindingSize: 2 ** 30, slots: 1024 },
    wasm: { threads: 4, isolated: true },
    hub: { reachable: true },
    runs_with: 'webgpu',
  });
  expect(diagnosis.probes[1]).toEqual({
    how: 'headless, Vulkan',
    adapter: 'nvidia hopper',
    hardware: true,
    ms: expect.any(Number),
    error: null,
  });
  expect(advice).toEqual([]);
  expect(kept).toEqual([{ how: 'headless, Vulkan', says: 'nvidia hopper' }]);
});

test('the keys of the JSON object are those that are documented', async () => {
  const { diagnosis } = await examineWith({}).examined;
  expect(Object.keys(diagnosis)).toEqual([
    'node',
    'browser',
    'probes',
    'adapter',
    'features',
    'limits',
    'wasm',
    'hub',
    'runs_with',
  ]);
  expect(Object.keys(diagnosis.probes[0] ?? {})).toEqual(['how', 'adapter', 'hardware', 'ms', 'error']);
});

test('a software adapter is called one, and WASM is what runs', async () => {
  const { diagnosis, advice } = await examineWith({}).examined;
  expect(diagnosis).toMatchObject({ adapter: 'google swiftshader (software)', runs_with: 'wasm' });
  expect(diagnosis.probes).toHaveLength(waysOf(SERVER).length);
  for (const { hardware, error } of diagnosis.probes) {
    expect([hardware, error]).toEqual([false, 'google swiftshader computes on the CPU']);
  }
  expect(advice.join(' ')).toContain('No hardware adapter');
});

test('a browser without WebGPU runs with WASM', async () => {
  const { examined } = examineWith({}, { others: answering(null, { webgpu: false }) });
  const { diagnosis, advice } = await examined;
  expect(diagnosis).toMatchObject({ adapter: null, features: null, limits: null, runs_with: 'wasm' });
  expect(diagnosis.probes[0]?.error).toBe('this browser has no WebGPU');
  expect(advice.join(' ')).toContain('This browser has no WebGPU');
});

test('what else is missing is said, each with what to do', async () => {
  const facts = { isolated: false, hubReachable: false, wasm: false };
  const { examined } = examineWith({}, { others: answering(SOFTWARE_ADAPTER, facts) });
  const { diagnosis, advice } = await examined;
  expect(diagnosis).toMatchObject({ wasm: { isolated: false }, hub: { reachable: false }, runs_with: null });
  const said = advice.join(' ');
  for (const part of ['newer Chrome', 'COOP and COEP', 'HEADWAY_HUB']) expect(said).toContain(part);
});

describe('nothing can run', () => {
  test('without a browser', async () => {
    const { examined, browsers } = examineWith({}, { browser: { missing: 'none is installed.' } });
    const { diagnosis, advice } = await examined;
    expect(diagnosis).toMatchObject({
      browser: { path: null, version: null },
      probes: [],
      adapter: null,
      wasm: { threads: null, isolated: null },
      hub: { reachable: null },
      runs_with: null,
    });
    expect(advice).toEqual(['No browser: none is installed.']);
    expect(browsers.opened).toEqual([]);
  });

  test('with one that cannot start, which is tried once', async () => {
    const others: FakeBrowser = { does: 'fail to start', message: 'libnss3.so: cannot open' };
    const { examined, browsers } = examineWith({}, { others });
    const { diagnosis, advice } = await examined;
    expect(diagnosis).toMatchObject({ browser: { path: PATH, version: '1.2.3' }, runs_with: null });
    expect(errors(await examined)).toEqual(['libnss3.so: cannot open']);
    expect(advice.join(' ')).toContain('does not start: libnss3.so: cannot open');
    expect(browsers.opened).toEqual(['headless']);
  });

  test('with one that hangs at its start', async () => {
    const { examined, kept } = examineWith({}, { others: { does: 'hang at its start' } });
    const { diagnosis, advice } = await examined;
    expect(diagnosis.runs_with).toBeNull();
    expect(errors(await examined)).toEqual(['the browser did not start within 20 ms']);
    expect(advice.join(' ')).toContain('hangs: the browser did not start');
    expect(kept).toEqual([null]);
  });
});

describe('bounds', () => {
  test('ways that hang are given up and ended; those that there is no time for are named', async () => {
    const { examined, browsers, kept } = examineWith(
      { headless: answering(SOFTWARE_ADAPTER) },
      { others: { does: 'hang on its page' }, limits: { eachMs: 30, allMs: 45, abreast: 1 } },
    );
    const all = errors(await examined);
    expect(all).toHaveLength(waysOf(SERVER).length);
    expect(all[1]).toMatch(/^the page did not answer within/);
    expect(all.at(-1)).toMatch(/^not tried/);
    expect((await examined).diagnosis.runs_with).toBe('wasm');
    expect(browsers.running()).toBe(0);
    // One that was given up may still lead to hardware another time.
    expect(kept).toEqual([null]);
  });

  test('leave 30 s room for Node’s start and for browsers that have to be ended by force', () => {
    const { eachMs, allMs } = DOCTOR_LIMITS;
    expect(eachMs).toBeLessThan(allMs);
    expect(allMs).toBeLessThanOrEqual(20_000);
  });
});
