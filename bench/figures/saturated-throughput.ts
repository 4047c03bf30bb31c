import type { RequestRecord } from '../../src/core/request-record';

/**
 * Output tokens per second while there was always somebody in the queue: from the first start after all clients had joined to
 * the last start. Before and after it a run has fewer requests than slots, which says nothing about saturation and weighs
 * more the shorter a run is. A request's tokens count as spread evenly from its first to its last.
 * @param clients of the closed loop
 * @returns null where the run was over before it was saturated
 */
export function saturatedThroughput(records: readonly RequestRecord[], clients: number): number | null {
  const sends = records.map(({ sent }) => sent).toSorted((a, b) => a - b);
  const joined = sends[Math.min(clients, sends.length) - 1] ?? Number.POSITIVE_INFINITY;
  const starts = records.flatMap(({ started }) => (started !== null && started >= joined ? [started] : []));
  const [from, to] = [Math.min(...starts), Math.max(...starts)];
  if (!(to > from)) return null;
  const tokens = records.reduce(
    (sum, record) => sum + tokensUntil(record, to) - tokensUntil(record, from),
    0,
  );
  return (1000 * tokens) / (to - from);
}

function tokensUntil({ firstToken, finished, outputTokens }: RequestRecord, until: number): number {
  if (firstToken === null || finished === null || firstToken > until) return 0;
  if (finished <= until) return outputTokens;
  return 1 + ((outputTokens - 1) * (until - firstToken)) / (finished - firstToken);
}
