import { attempt } from '../attempt';
import type { BenchPage } from '../page-host';
import type { StepCell } from '../report/benchmark';
import type { Section } from '../section';

export const BUCKETS = [1, 2, 4, 8, 16, 32, 64] as const;

/** A cell says nothing new after this long, ms. */
const MOST_PER_CELL = 3000;

/**
 * Decode steps per bucket. On WebGPU with and without capture, each in a worker of its own, and with and without lagged
 * read-back, next to each other in time. After a failure the next cell gets a fresh browser.
 */
export async function measureSteps(section: Section): Promise<readonly StepCell[]> {
  const modes = section.kind === 'webgpu' ? [true, false] : [false];
  const lags = section.kind === 'webgpu' ? [true, false] : [false];
  const budgetMs = Math.min(MOST_PER_CELL, section.budgetMs / (BUCKETS.length * modes.length * lags.length));
  const cells: StepCell[] = [];
  for (const capture of modes) {
    let page: BenchPage | null = null;
    for (const rows of BUCKETS) {
      for (const lagged of lags) {
        section.progress.show(`${section.kind}: decode step of ${rows} rows`);
        const times = await attempt(async () => {
          page ??= await openModelPage(section, capture);
          return await page.measures.steps({ rows, lagged, budgetMs });
        });
        cells.push({ rows, capture, lagged, times });
        if ('ok' in times) continue;
        await (page as BenchPage | null)?.close();
        page = null;
      }
    }
    await (page as BenchPage | null)?.close();
  }
  return cells;
}

async function openModelPage({ host, kind, url }: Section, capture: boolean): Promise<BenchPage> {
  const page = await host.open(kind);
  try {
    const { note } = await page.measures.open({ url, backend: kind, capture, slots: 64 });
    if (capture && note?.includes('without graph capture')) throw new Error(note);
    return page;
  } catch (error) {
    await page.close();
    throw error;
  }
}
