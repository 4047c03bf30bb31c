/** Median of `sent − scheduled`, ms, above which the load generator, not the server, is the bottleneck. */
export const SEND_LAG_LIMIT_MS = 10;
/** Share of all latency: a generator that is busy half of the time may send more than half of its requests at once. */
const SEND_LAG_LIMIT_SHARE = 0.1;

/**
 * @param ms median of `sent − scheduled`; null when nothing was sent
 * @param share of the latencies together, what passed before the requests were sent
 * @returns a sentence when the generator is late, else null
 */
export function sendLagWarning(ms: number | null, share: number | null = null): string | null {
  if ((ms ?? 0) <= SEND_LAG_LIMIT_MS && (share ?? 0) <= SEND_LAG_LIMIT_SHARE) return null;
  const how =
    (ms ?? 0) > SEND_LAG_LIMIT_MS
      ? `Half of the requests or more leave over ${SEND_LAG_LIMIT_MS} ms after they were due (send lag)`
      : `${Math.round(100 * (share ?? 0))} % of all latency passed before the requests were sent (send lag)`;
  return `${how}: the latencies say more about what sends them, this computer, than about the server.`;
}
