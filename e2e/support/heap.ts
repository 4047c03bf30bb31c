import type { CDPSession } from '@playwright/test';
import { medianOf } from '../../src/metrics/percentiles';

/** What the page's own JavaScript holds after a garbage collection, bytes; its workers have heaps of their own. */
async function heapOf(devtools: CDPSession): Promise<number> {
  // What the first pass finalizes, the second one frees.
  for (let pass = 0; pass < 2; pass++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize;
}

/** It moves by a megabyte from drawing to drawing, so it is looked at often: what half of the looks stay below, bytes. */
export async function medianHeapOf(devtools: CDPSession, looks: number, everyMs: number): Promise<number> {
  const heaps: number[] = [];
  while (heaps.length < looks) {
    heaps.push(await heapOf(devtools));
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return medianOf(heaps) as number;
}

/** How much more each is than the one before, as the straight line through all of them has it (least squares). */
export function trendOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [rise, run] = values.reduce(
    ([rise, run], value, i) => [rise + (i - middle) * (value - mean), run + (i - middle) ** 2],
    [0, 0],
  );
  return rise / run;
}
