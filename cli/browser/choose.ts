import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../scripts/build';
import type { OpenBrowser } from './open';
import { CHOICE_LIMITS, isBroken, type Probe, probeWays, whyNone } from './probe';
import { type Machine, type Way, waysOf } from './ways';

/** Which adapter WebGPU shall compute on; `auto` takes hardware where there is any. */
export const ADAPTERS = ['auto', 'hardware', 'software'] as const;
export type AdapterChoice = (typeof ADAPTERS)[number];

/** What probing has found out about one browser with one driver. */
interface Finding {
  /** `how` of the first way that reaches hardware; null where none does. */
  readonly how: string | null;
  /** Its adapter's name, or what each way answered, as one sentence. */
  readonly says: string;
}

/** Beside the checkout's own files: packages may be shared by several. */
const CACHE = join(ROOT, '.cache', 'adapters.json');

/** Folders whose content changes with the drivers: devices, and the manifests of Vulkan drivers. */
const DRIVER_FOLDERS = ['/dev/dri', '/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const DRIVER_FILES = ['/dev/nvidia0', '/dev/dxg', '/proc/driver/nvidia/version'];
const DRIVER_VARIABLES = ['DISPLAY', 'WAYLAND_DISPLAY', 'VK_DRIVER_FILES', 'VK_ICD_FILENAMES'];

/** Changes whenever the browser or what it can reach does. */
export function cacheKey(browser: string, { platform, env, xvfb }: Machine): string {
  const { mtimeMs, size } = statSync(browser);
  const folders = DRIVER_FOLDERS.map((path) => (existsSync(path) ? readdirSync(path).sort() : null));
  const files = DRIVER_FILES.map((path) => (existsSync(path) ? readFileSyncOrNull(path) : null));
  const variables = DRIVER_VARIABLES.map((name) => env[name] ?? null);
  const all = [browser, mtimeMs, size, platform, release(), xvfb, folders, files, variables];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** A device is there but is not read. */
const readFileSyncOrNull = (path: string) =>
  path.startsWith('/proc') ? readFileSync(path, 'utf8') : 'present';

export interface AdapterCache {
  get(key: string): Finding | undefined;
  set(key: string, finding: Finding): void;
  forget(key: string): void;
}

/** Findings by key in one small file; a damaged one counts as empty. */
export function fileCache(file: string = CACHE): AdapterCache {
  const read = (): Record<string, Finding> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return {};
    }
  };
  const write = (findings: Record<string, Finding | undefined>) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(findings, null, 2)}\n`);
  };
  return {
    get: (key) => read()[key],
    set: (key, finding) => write({ ...read(), [key]: finding }),
    forget: (key) => write({ ...read(), [key]: undefined }),
  };
}

/** What the probes show. @returns null where a way that was given up for its time may still lead to hardware */
export function findingOf(probes: readonly Probe[]): Finding | null {
  const found = probes.find(({ hardware }) => hardware);
  if (found) return { how: found.how, says: found.adapter ?? '' };
  if (probes.some(({ late }) => late)) return null;
  return { how: null, says: whyNone(probes) };
}

export interface Search {
  /** Path of its program. */
  readonly browser: string;
  readonly machine: Machine;
  readonly open: OpenBrowser;
  readonly cache: AdapterCache;
  readonly say: (line: string) => void;
  /** Windows alone: the user wants to see the browser. */
  readonly headed: boolean;
}

export type HardwareSearch =
  | { readonly way: Way; readonly adapter: string }
  | { readonly way: null; readonly why: string };

/** The first way to a hardware adapter, known from an earlier search or found by probing, in bounded time. */
export async function findHardware(search: Search): Promise<HardwareSearch> {
  const { browser, machine, cache, open, say, headed } = search;
  const ways = waysOf(machine).filter(({ display }) => !headed || display === 'window');
  if (ways.length === 0) return { way: null, why: 'there is no display for a window' };
  const key = `${cacheKey(browser, machine)}${headed ? ':headed' : ''}`;
  const known = cache.get(key);
  if (known) return resultOf(known, ways);
  say('looking for a hardware adapter (kept for the next time)');
  const probes = await probeWays(ways, open, CHOICE_LIMITS, (probe) => probe.hardware || isBroken(probe));
  const finding = findingOf(probes);
  if (finding) cache.set(key, finding);
  return resultOf(finding ?? { how: null, says: whyNone(probes) }, ways);
}

function resultOf({ how, says }: Finding, ways: readonly Way[]): HardwareSearch {
  const way = ways.find((candidate) => candidate.how === how);
  return way ? { way, adapter: says } : { way: null, why: says };
}
