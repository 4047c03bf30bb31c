import { percentilesOf } from '../../src/metrics/percentiles';
import type { BenchRequest, Served } from '../measures';
import type { BenchPage } from '../page-host';
import { type Pace, planPeers } from '../plan';
import { PEER_WAYS, type PeerFigures, type PeerRun, type PeerWay } from '../report/benchmark';
import type { Section } from '../section';

const CONCURRENT = 16;
const SEED = 1;
const OUTPUT_TOKENS = '2:48';

/** Enough of each way for its kernels to be compiled. */
const WARM_UP = { batch: CONCURRENT, single: 2 };

/** Ours and transformers.js on one model file, in two workers of one page, in turns. */
export async function measurePeers(section: Section, pace: Pace): Promise<PeerFigures> {
  const { host, kind, url, progress } = section;
  const plan = planPeers(section.budgetMs, pace);
  const page = await host.open(kind);
  try {
    const { threads, contextLength } = await page.measures.open({
      url,
      backend: kind,
      capture: true,
      slots: 16,
    });
    const name = url.split('/').at(-2) ?? '';
    const models = new URL('..', url).href;
    const peer = await page.peer.open({ models, name, backend: kind, threads });
    const draw = (seed: number) =>
      page.measures.requests({ url, contextLength, count: plan.requests, outputTokens: OUTPUT_TOKENS, seed });
    const warmUp = await draw(SEED - 1);
    for (const way of PEER_WAYS) {
      progress.show(`${kind}: warming up ${SAYS[way]}`);
      await WAYS[way](page, warmUp.slice(0, isSingle(way) ? WARM_UP.single : WARM_UP.batch));
    }
    const rounds: Record<PeerWay, PeerRun>[] = [];
    const answers: Partial<Record<PeerWay, Served>> = {};
    for (let round = 0; round < plan.rounds; round++) {
      const requests = await draw(SEED + round);
      const figures: Partial<Record<PeerWay, PeerRun>> = {};
      for (const way of round % 2 === 0 ? PEER_WAYS : PEER_WAYS.toReversed()) {
        progress.show(`${kind}: ${SAYS[way]}, round ${round + 1} of ${plan.rounds}`);
        const asked = isSingle(way) ? requests.slice(0, plan.single) : requests;
        const served = await WAYS[way](page, asked);
        figures[way] = runOf(way, asked, served);
        if (round === 0) answers[way] = served;
      }
      rounds.push(figures as Record<PeerWay, PeerRun>);
    }
    const same = (way: PeerWay) => agreement(answers[way] as Served, answers.ours1 as Served);
    return {
      ...peer,
      threads,
      requests: plan.requests,
      rounds,
      same: { ours16: same('ours16'), peer1: same('peer1'), peer16: same('peer16') },
    };
  } finally {
    await page.close();
  }
}

const WAYS: Readonly<
  Record<PeerWay, (page: BenchPage, requests: readonly BenchRequest[]) => Promise<Served>>
> = {
  ours16: ({ measures }, requests) => measures.serve(requests, CONCURRENT),
  ours1: ({ measures }, requests) => measures.serve(requests, 1),
  peer1: ({ peer }, requests) => peer.oneByOne(requests),
  peer16: ({ peer }, requests) => peer.batched(requests, CONCURRENT),
};

const SAYS: Readonly<Record<PeerWay, string>> = {
  ours16: 'Headway, 16 concurrent',
  ours1: 'Headway, one by one',
  peer1: 'transformers.js, one by one',
  peer16: 'transformers.js, padded batches of 16',
};

const isSingle = (way: PeerWay) => way === 'ours1' || way === 'peer1';

/** With 16 in flight: while there were 16. Else there is nothing that runs out before the end. */
function runOf(way: PeerWay, requests: readonly BenchRequest[], served: Served): PeerRun {
  const all = {
    ms: served.elapsedMs,
    tokens: requests.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
  };
  const { ms, tokens } = way === 'ours16' ? served.lastSubmission : all;
  const { p50 = Number.NaN, p95 = Number.NaN } = percentilesOf(served.latencyMs) ?? {};
  return { requests: requests.length, tokensPerS: (1000 * tokens) / ms, p50Ms: p50, p95Ms: p95 };
}

/** Of the answers that both gave. */
function agreement(a: Served, b: Served): { readonly same: number; readonly of: number } {
  const of = Math.min(a.tokens.length, b.tokens.length);
  const same = a.tokens.slice(0, of).filter((tokens, i) => `${tokens}` === `${b.tokens[i]}`).length;
  return { same, of };
}
