import { giveTrace } from '../../cli/input';
import { sentence } from '../../cli/page-error';
import type { PageWindow } from '../../cli/page-window';
import { type Session, withPage } from '../../cli/session';
import type { BenchOptions } from '../../src/core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../../src/core/serving-config';
import { createRng } from '../../src/traffic/rng';
import type { ChunkFigures, ChunkLoad, ChunkRun } from '../report/benchmark';
import type { Section } from '../section';

declare const window: PageWindow;

/** A model with room for long prompts, of the embedded model's size. */
const MODEL = 'synthetic:layers=4,hidden=128,heads=4,kv-heads=2,vocabulary=1024,context=1024';
const REQUESTS = 120;
/** Per second: one at which few requests overlap, and one at which several do. */
const RATES = [12, 24];
/** One in so many has a long prompt. */
const LONG_EVERY = 6;
const PROMPT_TOKENS = { short: 16, long: 700 };
const OUTPUT_TOKENS = 64;
/** `maxPrefillTokensPerStep`. */
const CHUNKS = [512, 256, 128, 64] as const;
const REPEATS = 3;

/** Long prompts beside decodes: the same arrivals with each size of chunk, next to each other in time, in turning order. */
export async function measureChunks({ choice, kind, progress }: Section): Promise<ChunkFigures> {
  return withPage({ ...choice, model: MODEL }, progress, async (session) => {
    const loads: ChunkLoad[] = [];
    for (const rate of RATES) {
      await giveTrace(session, { name: `long-prompts-${rate}.csv`, content: traceText(1, rate) });
      const repeats: ChunkRun[][] = [];
      for (let repeat = 0; repeat < REPEATS; repeat++) {
        const runs: ChunkRun[] = [];
        for (let i = 0; i < CHUNKS.length; i++) {
          const chunk = CHUNKS[(i + repeat) % CHUNKS.length] as number;
          progress.show(`${kind}: ${rate}/s, chunks of ${chunk}, repeat ${repeat + 1} of ${REPEATS}`);
          runs.push(await runChunks(session, chunk));
        }
        repeats.push(runs);
      }
      loads.push({ rate, repeats });
    }
    return { model: MODEL, requests: REQUESTS, chunks: CHUNKS, loads };
  });
}

/** Poisson arrivals, which prompts are long spread evenly. */
function traceText(seed: number, rate: number): string {
  const rng = createRng(seed).fork('long prompts');
  let at = 0;
  const rows = Array.from({ length: REQUESTS }, (_, i) => {
    at += -Math.log(1 - rng.uniform()) / rate;
    const prompt = i % LONG_EVERY === LONG_EVERY - 1 ? PROMPT_TOKENS.long : PROMPT_TOKENS.short;
    return `${at.toFixed(4)},${prompt},${OUTPUT_TOKENS}`;
  });
  return ['arrived_at,num_prefill_tokens,num_decode_tokens', ...rows].join('\n');
}

async function runChunks({ page }: Session, chunk: number): Promise<ChunkRun> {
  const asked: BenchOptions = {
    serving: { ...DEFAULT_SERVING_CONFIG, policy: 'continuous', maxPrefillTokensPerStep: chunk },
    load: { ...DEFAULT_LOAD_CONFIG, arrival: 'trace' },
    slo: { p95Ms: null, ttftMs: null },
    requests: REQUESTS,
    durationS: null,
    repeats: 1,
  };
  const { summary } = await sentence(
    page.evaluate((options) => window.headway.runExperiment(options), asked),
  );
  if (summary.ok !== REQUESTS) {
    throw new Error(`Of ${REQUESTS} requests with chunks of ${chunk}, ${summary.ok} were answered.`);
  }
  return {
    chunk,
    itlP50Ms: summary.itl_ms?.p50 ?? Number.NaN,
    itlP99Ms: summary.itl_ms?.p99 ?? Number.NaN,
    ttftP50Ms: summary.ttft_ms?.p50 ?? Number.NaN,
    ttftP95Ms: summary.ttft_ms?.p95 ?? Number.NaN,
    p95Ms: summary.latency_ms?.p95 ?? Number.NaN,
  };
}
