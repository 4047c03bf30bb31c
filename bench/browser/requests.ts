import { readPhrasebook } from '../../src/client/load-worker/prepared-model';
import { DEFAULT_LOAD_CONFIG } from '../../src/load/load-config';
import { RequestSource } from '../../src/load/request-source';
import { createRng } from '../../src/load/rng';
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
