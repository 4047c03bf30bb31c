import { isSynthetic } from '../src/model/synthetic/spec';
import { attempt } from './attempt';
import type { SectionName } from './options';
import type { Pace } from './plan';
import type { BackendReport, Served, StepCell } from './report/benchmark';
import type { Section } from './section';
import { measureCeilings } from './sections/ceilings';
import { measureChunks } from './sections/chunks';
import { measureFullCopy } from './sections/full-copy';
import { measurePeers } from './sections/peers';
import { measurePolicies } from './sections/policies';
import { type BUCKETS, measureSteps } from './sections/steps';

/** How a backend's time is shared among the sections that are asked for, with some left for starting browsers. */
const SHARES: Readonly<Record<SectionName, number>> = {
  ceilings: 0.05,
  steps: 0.2,
  'full-copy': 0.1,
  policies: 0.4,
  peers: 0.25,
  chunks: 0.25,
};

/** A first look at the pace, where the steps are not asked for, ms. */
const LOOK_MS = 1500;

/** All sections on one backend. None fails the others. */
export async function measureBackend(
  base: Section,
  sections: readonly SectionName[],
): Promise<BackendReport> {
  const begin = performance.now();
  const wants = (name: SectionName) => sections.includes(name);
  const shared = sections.reduce((sum, name) => sum + SHARES[name], 0);
  const section = (name: SectionName): Section => ({
    ...base,
    budgetMs: (SHARES[name] / shared) * base.budgetMs,
  });
  const served = await attempt(() => look(base));
  const report = async (): Promise<Omit<BackendReport, 'backend' | 'served' | 'seconds'>> => {
    if ('failed' in served) {
      return { ceilings: null, steps: null, fullCopy: null, policies: null, peers: null, chunks: null };
    }
    const { weightBytes } = served.ok.model;
    const ceilings = wants('ceilings')
      ? await attempt(() => measureCeilings(section('ceilings'), weightBytes))
      : null;
    const steps = wants('steps') ? await measureSteps(section('steps')) : null;
    // Made in memory: there is no file for another runtime to read.
    const synthetic = isSynthetic(base.url);
    const copies = wants('full-copy') && base.kind === 'wasm' && !synthetic;
    const fullCopy = copies ? await measureFullCopy(section('full-copy')) : null;
    const pace = paceOf(steps) ?? served.ok.pace;
    const policies = wants('policies')
      ? await attempt(() => measurePolicies(section('policies'), pace))
      : null;
    const peers =
      wants('peers') && !synthetic ? await attempt(() => measurePeers(section('peers'), pace)) : null;
    const chunks = wants('chunks') ? await attempt(() => measureChunks(section('chunks'))) : null;
    return { ceilings, steps, fullCopy, policies, peers, chunks };
  };
  return {
    backend: base.kind,
    served: served,
    ...(await report()),
    seconds: (performance.now() - begin) / 1000,
  };
}

/** What is served, counted while nothing is captured, and about how fast. */
export async function look({
  host,
  kind,
  url,
  progress,
}: Section): Promise<Served & { readonly pace: Pace }> {
  progress.show(`${kind}: opening the model`);
  const page = await host.open(kind);
  try {
    const { adapter, threads, note, contextLength, model } = await page.measures.open({
      url,
      backend: kind,
      capture: false,
      slots: 16,
    });
    const dispatches = await page.measures.dispatches();
    const step = async (rows: number) =>
      (await page.measures.steps({ rows, lagged: true, budgetMs: LOOK_MS })).medianMs;
    const pace = { oneRowMs: await step(1), sixteenRowsMs: await step(16) };
    return { adapter, threads, note, contextLength, model, dispatches, pace };
  } finally {
    await page.close();
  }
}

/** Of the fastest way to decode. */
function paceOf(steps: readonly StepCell[] | null): Pace | null {
  const fastest = (rows: (typeof BUCKETS)[number]) =>
    Math.min(
      ...(steps ?? []).flatMap(({ rows: of, times }) =>
        of === rows && 'ok' in times ? [times.ok.medianMs] : [],
      ),
    );
  const pace = { oneRowMs: fastest(1), sixteenRowsMs: fastest(16) };
  return Number.isFinite(pace.oneRowMs + pace.sixteenRowsMs) ? pace : null;
}
