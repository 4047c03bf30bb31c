import { DEFAULT_LOAD_CONFIG } from '../../src/core/load-config';
import { readPhrasebook } from '../../src/session/traffic-worker/phrasebook';
import { RequestSource } from '../../src/traffic/request-source';
import { createRng } from '../../src/traffic/rng';
import type { BenchRequest, RequestsAsked } from '../measures';

/** As the page's clients draw them. */
export async function drawRequests({
  url,
  contextLength,
  count,
  outputTokens,
  seed,
}: RequestsAsked): Promise<readonly BenchRequest[]> {
  const { workload } = await readPhrasebook({ url, contextLength });
  const source = new RequestSource(workload, createRng(seed));
  return Array.from({ length: count }, (_, id) => {
    const { prompt, maxNewTokens } = source.next(id, { ...DEFAULT_LOAD_CONFIG, outputTokens });
    return { prompt, outputTokens: maxNewTokens };
  });
}
