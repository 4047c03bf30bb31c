import type { CeilingFigures } from '../report/benchmark';
import type { Section } from '../section';

/** What the adapter can do at best, on a device that is asked for as serving asks for it. */
export async function measureCeilings(
  { kind, host, progress, budgetMs }: Section,
  stepBytes: number,
): Promise<CeilingFigures> {
  progress.show(`${kind}: ceilings`);
  const page = await host.open(kind);
  try {
    return kind === 'webgpu'
      ? { kind, ...(await page.measures.gpuCeilings(budgetMs)) }
      : { kind, ...(await page.measures.wasmCeilings(budgetMs, stepBytes)) };
  } finally {
    await page.close();
  }
}
