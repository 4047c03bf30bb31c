import type { CDPSession } from '@playwright/test';

/** What the page's own JavaScript holds after a garbage collection, bytes; its workers have heaps of their own. */
export async function heapOf(devtools: CDPSession): Promise<number> {
  // What the first pass finalizes, the second one frees.
  for (let pass = 0; pass < 2; pass++) await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize;
}
