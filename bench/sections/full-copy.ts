import { medianOf } from '../../src/metrics/percentiles';
import { attempt } from '../attempt';
import type { PassTimes } from '../measures';
import type { FullCopyCell } from '../report/benchmark';
import type { Section } from '../section';
import { BUCKETS } from './steps';

const TURNS = 3;
/** Of a prompt; those that the context has no room for are left out. */
const PROMPTS = [8, 16, 32, 64];

interface Way {
  readonly pass: string;
  readonly ours: (budgetMs: number) => Promise<PassTimes>;
  readonly fullCopy: (budgetMs: number) => Promise<PassTimes>;
}

interface Turn {
  readonly ours: PassTimes;
  readonly fullCopy: PassTimes;
  readonly ratio: number;
}

/** Ours against the plain full copy on WASM, in one worker, turn by turn. */
export async function measureFullCopy(section: Section): Promise<readonly FullCopyCell[]> {
  const { host, kind, url, progress } = section;
  const page = await host.open(kind);
  try {
    const { measures } = page;
    const { contextLength } = await measures.open({ url, backend: kind, capture: false, slots: 64 });
    await measures.openFullCopy(url);
    const steps = BUCKETS.map((rows) => ({
      pass: rows === 1 ? 'step of 1 row' : `step of ${rows} rows`,
      ours: (budgetMs: number) => measures.steps({ rows, lagged: false, budgetMs }),
      fullCopy: (budgetMs: number) => measures.fullCopySteps({ rows, budgetMs }),
    }));
    const prompts = PROMPTS.filter((tokens) => tokens < contextLength).map((tokens) => ({
      pass: `prompt of ${tokens} tokens`,
      ours: (budgetMs: number) => measures.prefills({ tokens, budgetMs }),
      fullCopy: (budgetMs: number) => measures.fullCopyPrefills({ tokens, budgetMs }),
    }));
    const ways: readonly Way[] = [...steps, ...prompts];
    const budgetMs = section.budgetMs / (ways.length * TURNS * 2);
    const cells: FullCopyCell[] = [];
    for (const way of ways) {
      progress.show(`${kind}: full copy, ${way.pass}`);
      cells.push({ pass: way.pass, times: await attempt(() => middleTurn(way, budgetMs)) });
    }
    return cells;
  } finally {
    await page.close();
  }
}

/** The one of the middle ratio. */
async function middleTurn(way: Way, budgetMs: number): Promise<Turn> {
  const turns: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const ours = await way.ours(budgetMs);
    const fullCopy = await way.fullCopy(budgetMs);
    turns.push({ ours, fullCopy, ratio: fullCopy.medianMs / ours.medianMs });
  }
  const middle = medianOf(turns.map(({ ratio }) => ratio));
  return turns.find(({ ratio }) => ratio === middle) ?? (turns[0] as Turn);
}
