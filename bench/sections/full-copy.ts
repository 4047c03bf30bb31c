import { medianOf } from '../../src/metrics/percentiles';
import { attempt } from '../attempt';
import type { StepTimes } from '../measures';
import type { FullCopyCell } from '../report/benchmark';
import type { Section } from '../section';
import { BUCKETS } from './steps';

const TURNS = 3;

/** Ours against the plain full copy on WASM, in one worker, turn by turn. */
export async function measureFullCopy(section: Section): Promise<readonly FullCopyCell[]> {
  const { host, kind, url, progress } = section;
  const page = await host.open(kind);
  try {
    await page.measures.open({ url, backend: kind, capture: false, slots: 64 });
    await page.measures.openFullCopy(url);
    const budgetMs = section.budgetMs / (BUCKETS.length * TURNS * 2);
    const cells: FullCopyCell[] = [];
    for (const rows of BUCKETS) {
      progress.show(`${kind}: full copy of ${rows} rows`);
      const times = await attempt(async () => {
        const turns: { readonly ours: StepTimes; readonly fullCopy: StepTimes; readonly ratio: number }[] =
          [];
        for (let turn = 0; turn < TURNS; turn++) {
          const ours = await page.measures.steps({ rows, lagged: false, budgetMs });
          const fullCopy = await page.measures.fullCopySteps({ rows, budgetMs });
          turns.push({ ours, fullCopy, ratio: fullCopy.medianMs / ours.medianMs });
        }
        const middle = medianOf(turns.map(({ ratio }) => ratio));
        return turns.find(({ ratio }) => ratio === middle) ?? (turns[0] as (typeof turns)[number]);
      });
      cells.push({ rows, times });
    }
    return cells;
  } finally {
    await page.close();
  }
}
