import { expect, it } from 'vitest';
import { request, World } from '../../../testing/scheduler/world';
import type { ServingEvent } from '../../core/events';
import { fnv1a } from '../../core/hash';
import { POLICIES, type Policy } from '../../core/serving-config';
import { gammaGaps } from '../../traffic/gaps';
import { createRng } from '../../traffic/rng';

const HOURS = 24;
/** `npm test` is content with a quiet day. */
const PER_SECOND = import.meta.env.MODE === 'soak' ? 5 : 0.5;
const MAX_TOKENS = 4;

/** A day of Poisson arrivals. */
async function serve(policy: Policy) {
  let checksum = 0;
  const counts = { completed: 0, events: 0 };
  const emit = (event: ServingEvent) => {
    checksum = fnv1a(JSON.stringify(event), checksum);
    counts.events += 1;
    if (event.type === 'settled' && event.settlement.outcome === 'completed') counts.completed += 1;
  };
  const { clock, scheduler } = new World({ policy, maxBatch: 8, timeoutMs: 60_000 }, { emit });
  const rng = createRng(1);
  const gaps = gammaGaps(1, rng.fork('arrivals'));
  const lengths = rng.fork('lengths');
  const end = HOURS * 3_600_000;
  let sent = 0;
  while (clock.now() < end) {
    await clock.advance((gaps() * 1000) / PER_SECOND);
    const id = sent++;
    scheduler.submit(
      request(id, 1 + Math.floor(lengths.uniform() * MAX_TOKENS), { maxNewTokens: MAX_TOKENS }),
    );
  }
  await clock.run();
  return { checksum, sent, ...counts };
}

it.each(POLICIES)(
  `a day of ${PER_SECOND} requests a second is served in seconds under %s, the same way each time`,
  async (policy) => {
    const [once, again] = [await serve(policy), await serve(policy)];
    expect(again).toEqual(once);
    expect(once.completed).toBe(once.sent);
    expect(once.sent).toBeGreaterThan(HOURS * 3600 * PER_SECOND * 0.95);
  },
  600_000,
);
