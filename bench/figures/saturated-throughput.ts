import type { RequestRecord } from '../../src/metrics/ledger';

/**
 * Output tokens per second while there was always somebody in the queue: from the first start to the last one. Before and
 * after it a run has fewer requests than slots, which says nothing about saturation and weighs more the shorter a run is.
 * A request's tokens count as spread evenly from its first to its last.
 * @returns null where all started at once
 */
export function saturatedThroughput(records: readonly RequestRecord[]): number | null {
  const starts = records.flatMap(({ started }) => (started === null ? [] : [started]));
  const [from, to] = [Math.min(...starts), Math.max(...starts)];
  if (!(to > from)) return null;
  const tokens = records.reduce((sum, record) => sum + tokensUntil(record, to), 0);
  return (1000 * tokens) / (to - from);
}

function tokensUntil({ firstToken, finished, outputTokens }: RequestRecord, to: number): number {
  if (firstToken === null || finished === null || firstToken > to) return 0;
  if (finished <= to) return outputTokens;
  return 1 + ((outputTokens - 1) * (to - firstToken)) / (finished - firstToken);
}
