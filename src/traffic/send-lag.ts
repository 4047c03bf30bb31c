/** Median of `sent − scheduled`, ms, above which the load generator, not the server, is the bottleneck. */
export const SEND_LAG_LIMIT_MS = 10;

/** @param ms median of `sent − scheduled`; null when nothing was sent @returns a sentence when the generator is late, else null */
export function sendLagWarning(ms: number | null): string | null {
  if (ms === null || ms <= SEND_LAG_LIMIT_MS) return null;
  return (
    `Half of the requests or more leave over ${SEND_LAG_LIMIT_MS} ms after they were due (send lag): ` +
    'the latencies say more about what sends them, this computer, than about the server.'
  );
}
