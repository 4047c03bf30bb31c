import { describe, expect, it } from 'vitest';
import { request, World } from '../../../testing/scheduler/world';
import type { ServingEvent } from '../../core/events';
import { OUTCOMES, type Outcome, type RequestId } from '../../core/request';
import { POLICIES, type Policy, type ServingConfig } from '../../core/serving-config';

const TOKENS = 8;
const MAX_BATCH = 8;
const MAX_QUEUE = 64;
/** A static batch of 8 takes 6.4 ms to prefill and 7 × 12 to decode; one request alone 4.3 and 7 × 5. */
const BATCH_MS = 90.4;
const ALONE_MS = 39.3;
/** Requests a second. */
const CAPACITY: Readonly<Record<Policy, number>> = {
  sequential: 1000 / ALONE_MS,
  static: (1000 * MAX_BATCH) / BATCH_MS,
  continuous: (1000 * MAX_BATCH) / BATCH_MS,
};

/** Clients that come at a steady rate, and what became of them. */
class Clients {
  readonly world: World;
  readonly counts: Record<Outcome, number>;
  readonly latencies: number[] = [];
  sent = 0;
  mostUnderWay = 0;
  readonly #sentAt = new Map<RequestId, number>();

  constructor(config: Partial<ServingConfig>) {
    this.counts = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
    this.world = new World(config, { emit: (event) => this.#hear(event), passesAhead: 1 });
  }

  get underWay(): number {
    return this.#sentAt.size;
  }

  /** Every seventh goes away after a while; now and then a pass fails, if it shall. */
  async come(perSecond: number, seconds: number, trouble: boolean): Promise<void> {
    const { clock } = this.world;
    const last = this.sent + Math.round(perSecond * seconds);
    while (this.sent < last) {
      const id = this.sent++;
      this.#sentAt.set(id, clock.now());
      this.world.scheduler.submit(request(id, 30, { maxNewTokens: TOKENS }));
      this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
      await clock.advance(1000 / perSecond);
      if (trouble && id % 7 === 0) this.world.scheduler.cancel(id - 20);
      if (trouble && id % 1000 === 0) this.world.mishap = 'fails';
    }
  }

  #hear(event: ServingEvent): void {
    if (event.type !== 'settled') return;
    const { outcome } = event.settlement;
    const sent = this.#sentAt.get(event.id);
    if (sent === undefined) throw new Error(`${event.id} has settled twice`);
    this.#sentAt.delete(event.id);
    this.counts[outcome] += 1;
    if (outcome === 'completed') this.latencies.push(event.at - sent);
  }
}

describe.each(POLICIES)('ten times the capacity for two minutes, under %s', (policy) => {
  const config = { policy, maxBatch: MAX_BATCH, maxQueue: MAX_QUEUE, maxWaitMs: 10 };
  const rate = CAPACITY[policy];
  /** What waits ahead of the last one accepted: the queue, a sealed batch, one that runs; and its own. */
  const ahead = policy === 'sequential' ? MAX_QUEUE + 3 : MAX_QUEUE / MAX_BATCH + 3;
  const bound = ahead * (policy === 'sequential' ? ALONE_MS : BATCH_MS) * 1.2;

  it('bounds memory and latency, accounts for every request, and leaves no state behind', async () => {
    const clients = new Clients(config);
    await clients.come(rate * 10, 120, true);
    await clients.world.clock.run();
    const { completed, rejected, cancelled, failed, expired } = clients.counts;
    expect(completed + rejected + cancelled + failed + expired).toBe(clients.sent);
    expect(clients.underWay).toBe(0);
    expect(clients.mostUnderWay).toBeLessThanOrEqual(MAX_QUEUE + 2 * MAX_BATCH + 1);
    expect(Math.max(...clients.latencies)).toBeLessThan(bound);
    // Throughput stays near the capacity: some rows are computed for clients that abandon.
    expect(completed).toBeGreaterThan(rate * 120 * 0.6);
    expect([rejected, cancelled, failed].every((count) => count > 0)).toBe(true);

    const fresh = new Clients(config);
    clients.latencies.length = 0;
    for (const each of [clients, fresh]) {
      await each.come(rate / 4, 5, false);
      await each.world.clock.run();
    }
    expect(clients.latencies.map((ms) => ms.toFixed(3))).toEqual(fresh.latencies.map((ms) => ms.toFixed(3)));
    expect(clients.world.scheduler.status).toBe('ready');
  });

  it('with a deadline completes requests within the deadline only', async () => {
    const timeoutMs = bound / 4;
    const clients = new Clients({ ...config, timeoutMs });
    await clients.come(rate * 10, 30, false);
    await clients.world.clock.run();
    expect(clients.counts.expired).toBeGreaterThan(0);
    expect(clients.counts.completed).toBeGreaterThan(0);
    expect(clients.counts.completed + clients.counts.expired + clients.counts.rejected).toBe(clients.sent);
    // The pass that is under way at the deadline may still bring the last token.
    expect(Math.max(...clients.latencies)).toBeLessThan(timeoutMs + 2 * 12);
  });
});
