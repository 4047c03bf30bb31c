import { existsSync } from 'node:fs';
import type { FEATURES, LIMITS, PageFacts } from './ask-page';
import { type AdapterCache, cacheKey, findingOf } from './choose';
import type { OpenBrowser } from './open';
import { DOCTOR_LIMITS, isBroken, type Probe, type ProbeLimits, probeWays, whyNone } from './probe';
import { type Machine, PLAIN, type Way, waysOf } from './ways';

/** What `doctor --json` prints, letter for letter. */
export interface Diagnosis {
  /** Its version, "20.19.4". */
  readonly node: string;
  readonly browser: { readonly path: string | null; readonly version: string | null };
  readonly probes: readonly Pick<Probe, 'how' | 'adapter' | 'hardware' | 'ms' | 'error'>[];
  /** The best adapter that was found: hardware, else software, which its name says then; null where there is none. */
  readonly adapter: string | null;
  readonly features: Readonly<Record<(typeof FEATURES)[number], boolean>> | null;
  /** Bytes; `slots` of the chosen model fit the adapter's largest buffer at full context, null where its size is not known. */
  readonly limits:
    | (Readonly<Record<(typeof LIMITS)[number], number>> & { readonly slots: number | null })
    | null;
  readonly wasm: { readonly threads: number | null; readonly isolated: boolean | null };
  readonly hub: { readonly reachable: boolean | null };
  /** What serves the model when `--backend` and `--adapter` are left at `auto`; null where nothing can. */
  readonly runs_with: 'webgpu' | 'wasm' | null;
}

export interface Patient {
  readonly machine: Machine;
  /** Path of the browser's program, or why there is none. */
  readonly browser: { readonly path: string } | { readonly missing: string };
  /** What the program itself says; null where it does not answer. */
  readonly version: () => Promise<string | null>;
  readonly open: OpenBrowser;
  readonly cache: AdapterCache;
  /** Bytes of a slot's part of one cache tensor; null where the model's size is not known. */
  readonly slotBytes: number | null;
  /** Threads that the page would use. */
  readonly threadsOf: (facts: PageFacts) => number;
  readonly limits?: ProbeLimits;
  readonly say: (line: string) => void;
}

export interface Examination {
  readonly diagnosis: Diagnosis;
  /** What to do about what is missing, a sentence or two each. */
  readonly advice: readonly string[];
}

/** Tries the browser and each way to a GPU, in bounded time, and never starts what it cannot end. */
export async function examine(patient: Patient): Promise<Examination> {
  const { machine, browser, open, cache, say, limits = DOCTOR_LIMITS } = patient;
  if ('missing' in browser) {
    const nothing = { path: null, version: null };
    return { diagnosis: diagnosisOf(patient, nothing, []), advice: [`No browser: ${browser.missing}`] };
  }
  const version = patient.version();
  const probes = await probeAll(waysOf(machine), open, limits, say);
  if (existsSync(browser.path)) remember(cache, cacheKey(browser.path, machine), probes);
  const answered = probes.find(({ version }) => version !== null)?.version ?? (await version);
  const diagnosis = diagnosisOf(patient, { path: browser.path, version: answered }, probes);
  return { diagnosis, advice: adviceOn(diagnosis, probes, machine) };
}

/** Without flags first: a browser that does not work at all is not tried with flags. */
async function probeAll(ways: readonly Way[], open: OpenBrowser, limits: ProbeLimits, say: Patient['say']) {
  const begin = performance.now();
  const [plain, others] = [ways.filter((way) => way === PLAIN), ways.filter((way) => way !== PLAIN)];
  say('starting the browser');
  const first = await probeWays(plain, open, { ...limits, abreast: 1 }, () => false);
  if (first.some(isBroken)) return first;
  say(`trying ${others.length} ways to a GPU`);
  const left = { ...limits, allMs: Math.round(limits.allMs - (performance.now() - begin)) };
  return [...first, ...(await probeWays(others, open, left, () => false))];
}

/** The next run of a command need not probe again. */
function remember(cache: AdapterCache, key: string, probes: readonly Probe[]): void {
  const finding = findingOf(probes);
  if (finding) cache.set(key, finding);
  else cache.forget(key);
}

function diagnosisOf(
  { slotBytes, threadsOf }: Patient,
  browser: Diagnosis['browser'],
  probes: readonly Probe[],
): Diagnosis {
  const hardware = probes.find((probe) => probe.hardware);
  const best = hardware ?? probes.find(({ facts }) => facts?.adapter?.fault === null);
  const page = probes.find(({ facts }) => facts !== null)?.facts ?? null;
  const adapter = best?.facts?.adapter ?? null;
  const limitOf = (name: (typeof LIMITS)[number]) => adapter?.limits[name] ?? 0;
  const largest = Math.min(limitOf('maxBufferSize'), limitOf('maxStorageBufferBindingSize'));
  return {
    node: process.versions.node,
    browser,
    probes: probes.map(({ how, adapter, hardware, ms, error }) => ({ how, adapter, hardware, ms, error })),
    adapter: adapter && (adapter.software ? `${adapter.name} (software)` : adapter.name),
    features: adapter && {
      'shader-f16': adapter.features.includes('shader-f16'),
      subgroups: adapter.features.includes('subgroups'),
      'timestamp-query': adapter.features.includes('timestamp-query'),
    },
    limits: adapter && {
      maxBufferSize: limitOf('maxBufferSize'),
      maxStorageBufferBindingSize: limitOf('maxStorageBufferBindingSize'),
      maxComputeWorkgroupStorageSize: limitOf('maxComputeWorkgroupStorageSize'),
      slots: slotBytes === null ? null : Math.floor(largest / slotBytes),
    },
    wasm: { threads: page && threadsOf(page), isolated: page?.isolated ?? null },
    hub: { reachable: page?.hubReachable ?? null },
    runs_with: hardware ? 'webgpu' : page?.wasm ? 'wasm' : null,
  };
}

function adviceOn(diagnosis: Diagnosis, probes: readonly Probe[], machine: Machine): readonly string[] {
  const page = probes.find(({ facts }) => facts !== null)?.facts;
  if (!page) return [brokenAdvice(diagnosis, probes)];
  return [
    diagnosis.runs_with === 'webgpu' ? '' : hardwareAdvice(page, probes, machine),
    page.wasm ? '' : 'This browser has no WebAssembly with SIMD: use a newer Chrome or Chromium.',
    page.isolated
      ? ''
      : 'The page is not cross-origin isolated, so WASM has one thread: this browser ignores the headers COOP and COEP.',
    page.hubReachable
      ? ''
      : 'The hub is not reachable from the browser: its models cannot be downloaded. The embedded model, synthetic ones and directories on disk work. Set HEADWAY_HUB to use a mirror.',
  ].filter(Boolean);
}

function brokenAdvice({ browser }: Diagnosis, probes: readonly Probe[]): string {
  const [first] = probes;
  const late = first?.late === true;
  return late
    ? `${browser.path} hangs: ${first?.error}. Choose another browser with CHROMIUM_PATH, or start this one by hand to see what it waits for.`
    : `${browser.path} does not start: ${first?.error}. Run it with --version by hand; libraries may be missing. In a container set CI=1, which switches its sandbox off.`;
}

function hardwareAdvice({ webgpu }: PageFacts, probes: readonly Probe[], { platform, env }: Machine): string {
  const tried = `No hardware adapter (${whyNone(probes)}).`;
  if (!webgpu) return `${tried} This browser has no WebGPU: use Chrome or Chromium 113 or newer.`;
  if (platform !== 'linux') return `${tried} Update the graphics driver, or look at chrome://gpu.`;
  const devices = ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].filter((path) => existsSync(path));
  if (devices.length === 0) {
    return `${tried} This system shows no GPU (no /dev/dri, /dev/nvidia0 or /dev/dxg). In a container, pass the GPU in; for NVIDIA with the driver capability "graphics".`;
  }
  const folders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
  if (!env.VK_DRIVER_FILES && !folders.some((path) => existsSync(path))) {
    return `${tried} A GPU is there (${devices.join(', ')}), but no Vulkan driver: install mesa-vulkan-drivers or the vendor's, or set VK_DRIVER_FILES to its manifest.`;
  }
  return `${tried} A GPU is there (${devices.join(', ')}); run vulkaninfo to see whether its Vulkan driver works, and check that this user may open the device.`;
}
