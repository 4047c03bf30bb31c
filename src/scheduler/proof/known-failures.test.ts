import { describe, expect, it } from 'vitest';
import { answerTo, request, World } from '../../../testing/scheduler/world';
import { POLICIES } from '../../core/serving-config';

/** How other servers broke, one test each; where it may be, under every policy. */
describe.each(POLICIES)('known ways that others broke, under %s', (policy) => {
  it('an exception in the batch function stopped the scheduling loop', async () => {
    for (const mishap of ['throws at once', 'fails', 'answers too few'] as const) {
      const world = new World({ policy, maxWaitMs: 0 });
      world.mishap = mishap;
      world.submit(request(1));
      await world.clock.run();
      world.submit(request(2));
      await world.clock.run();
      expect(world.outcomes(1, 2)).toEqual(['failed', 'completed']);
    }
  });

  it('settling a cancelled request stopped the scheduling loop', async () => {
    const world = new World({ policy, maxWaitMs: 0 });
    world.submit(request(1, 1));
    // In the pass that ends it, and once more after it has ended.
    await world.clock.advance(5);
    world.cancel(1);
    await world.clock.run();
    world.cancel(1);
    world.submit(request(2));
    await world.clock.run();
    expect(world.outcomes(1, 2)).toEqual(['completed', 'completed']);
  });

  it('a queued request was cancelled, stayed in the queue, ran later and crashed the runner', async () => {
    const world = new World({ policy, maxWaitMs: 0, maxBatch: 1 });
    world.submit(request(1), request(2), request(3));
    await world.clock.advance(1);
    world.cancel(2);
    world.cancel(3);
    await world.clock.run();
    world.submit(request(4));
    await world.clock.run();
    expect(world.outcomes(1, 2, 3, 4)).toEqual(['completed', 'cancelled', 'cancelled', 'completed']);
    expect(world.starts().flatMap(({ ids }) => ids)).toEqual([1, 4]);
  });

  it("cancelling one request stopped another's decode, because the stop flag was engine-wide", async () => {
    const world = new World({ policy, maxWaitMs: 0 });
    world.submit(request(1, 9), request(2, 9));
    await world.clock.advance(20);
    world.cancel(1);
    await world.clock.run();
    expect(world.outcomes(1, 2)).toEqual(['cancelled', 'completed']);
    expect(world.tokensOf(2)).toEqual(answerTo(request(2, 9)));
  });

  it('a request that could never fit blocked the queue behind it', async () => {
    const world = new World({
      policy,
      maxWaitMs: 0,
      maxBatch: 2,
      maxBatchTokens: 20,
      maxMicroBatches: 1,
      microBatchSize: 1,
    });
    const tooLong = request(1, 3, { maxNewTokens: 126 });
    const tooWide = request(2, 3, { sequences: 3 });
    const overBudget = request(3, 3, { promptTokens: 60, sequences: 2, maxNewTokens: 4 });
    world.submit(tooLong, tooWide, overBudget, request(4, 3, { maxNewTokens: 4 }));
    await world.clock.run();
    expect(world.endOf(1)).toMatchObject({ outcome: 'rejected', message: /context of 128/ });
    expect(world.endOf(2).outcome).toBe(policy === 'continuous' ? 'rejected' : 'completed');
    expect(world.outcomes(3, 4)).toEqual(['completed', 'completed']);
  });

  it('deferred members went to the back of the queue and lost their place', async () => {
    const world = new World({ policy, maxWaitMs: 0, maxBatch: 4, maxBatchTokens: 60 });
    const short = { maxNewTokens: 7 };
    world.submit(
      request(1, 3, short),
      request(2, 3, { promptTokens: 30 }),
      request(3, 3, short),
      request(4, 3, short),
    );
    await world.clock.run();
    expect(world.starts().flatMap(({ ids }) => ids)).toEqual([1, 2, 3, 4]);
  });

  it('an end of sequence never freed the slot', async () => {
    const world = new World({ policy, maxWaitMs: 0, maxBatch: 2 });
    world.submit(...[1, 2, 3, 4, 5, 6].map((id) => request(id, 2)));
    await world.clock.run();
    for (const id of [1, 2, 3, 4, 5, 6]) {
      expect(world.endOf(id)).toMatchObject({ outcome: 'completed', finishReason: 'stop' });
    }
  });
});

describe('known failures of other schedulers', () => {
  it('the wait timer started at dequeue, so a request that had waited behind a busy backend waited again', async () => {
    for (const channelCapacity of [0, 1]) {
      const world = new World({ maxWaitMs: 20, channelCapacity });
      world.submit(request(1, 10));
      await world.clock.advance(21);
      world.submit(request(2));
      await world.clock.run();
      const free = world.endOf(1).at;
      expect(free).toBeGreaterThan(41);
      expect(world.starts()[1]).toEqual({ at: free, ids: [2] });
    }
  });

  it('a synchronous full prefill of a new request stalled every running decode', async () => {
    const world = new World({ policy: 'continuous', maxPrefillTokensPerStep: 16 });
    world.submit(request(1, 30));
    for (let id = 2; id <= 6; id++) {
      await world.clock.advance(7);
      world.submit(request(id, 3, { promptTokens: 60 }));
    }
    await world.clock.run();
    const ends = world.of('step').filter(({ ids }) => ids.includes(1));
    const gaps = ends.slice(1).map(({ at }, i) => at - (ends[i]?.at ?? 0));
    // A decode of six rows, and before it a prefill of 16 tokens.
    expect(Math.max(...gaps)).toBeLessThan(4 + 6 + 4 + 1.6 + 0.001);
  });
});
