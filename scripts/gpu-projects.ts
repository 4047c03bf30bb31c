import type { OpenBrowser } from '../cli/browser/open';
import {
  CHOICE_LIMITS,
  isBroken,
  type Probe,
  type ProbeLimits,
  probeWays,
  whyNone,
} from '../cli/browser/probe';
import type { Way } from '../cli/browser/ways';

/** One run of the tests of a real GPU: a Playwright project that launches its browser in this way. */
export interface GpuProject {
  readonly name: 'gpu-headless' | 'gpu-headed';
  readonly way: Way;
}

export interface GpuPlan {
  readonly projects: readonly GpuProject[];
  /** What is not run and why, a line each. */
  readonly skipped: readonly string[];
}

/** Where playwright.config.ts reads the projects. */
export const GPU_PROJECTS = 'HEADWAY_GPU_PROJECTS';

export const gpuProjects = (env: NodeJS.ProcessEnv): readonly GpuProject[] =>
  JSON.parse(env[GPU_PROJECTS] ?? '[]');

/** The first way to hardware without a display and the first with one, by probing. */
export async function planGpuTests(
  ways: readonly Way[],
  open: OpenBrowser,
  limits: ProbeLimits = CHOICE_LIMITS,
): Promise<GpuPlan> {
  const headless = ways.filter(({ display }) => display === 'none');
  const headed = ways.filter(({ display }) => display !== 'none');
  const first = await probeWays(headless, open, limits, (probe) => probe.hardware || isBroken(probe));
  const second = first.some(isBroken)
    ? []
    : await probeWays(headed, open, limits, ({ hardware }) => hardware);
  const [a, b] = [planOf('gpu-headless', first), planOf('gpu-headed', second)];
  return { projects: [...a.projects, ...b.projects], skipped: [...a.skipped, ...b.skipped] };
}

function planOf(name: GpuProject['name'], probes: readonly Probe[]): GpuPlan {
  const found = probes.find(({ hardware }) => hardware);
  if (found) return { projects: [{ name, way: found.way }], skipped: [] };
  const none = name === 'gpu-headed' ? 'there is no display and no Xvfb' : 'nothing was tried';
  const why = whyNone(probes) || none;
  return { projects: [], skipped: [`${name}: no hardware adapter (${why})`] };
}
