import { describe, expect, it } from 'vitest';
import { answerTo, request, World, type WorldOptions } from '../../testing/scheduler/world';
import type { ServingConfig } from '../core/serving-config';

const passesOf = (world: World) =>
  world.of('step').map(({ phase, rows, useful }) => `${phase} ${useful} of ${rows}`);

describe('a static batch', () => {
  it('is dispatched when it is full, without waiting', async () => {
    const world = new World({ maxBatch: 2, maxWaitMs: 1000 });
    world.submit(request(1), request(2));
    await world.clock.advance(0);
    expect(world.starts()).toEqual([{ at: 0, ids: [1, 2] }]);
  });

  it('is dispatched when its oldest member has waited maxWaitMs', async () => {
    const world = new World({ maxBatch: 8, maxWaitMs: 20 });
    world.submit(request(1));
    await world.clock.advance(15);
    world.submit(request(2));
    await world.clock.run();
    expect(world.starts()).toEqual([{ at: 20, ids: [1, 2] }]);
  });

  it('is dispatched when the next in line would break a limit', async () => {
    const limits: Partial<ServingConfig>[] = [{ maxBatchTokens: 90 }, { maxMicroBatches: 2 }];
    for (const limit of limits) {
      const world = new World({ maxBatch: 8, maxWaitMs: 50, ...limit });
      world.submit(request(1), request(2), request(3));
      await world.clock.run();
      expect(world.starts()[0]).toEqual({ at: 0, ids: [1, 2] });
      expect(world.of('batched').map(({ closed }) => closed)).toEqual([true, false]);
    }
  });

  it('computes finished rows as padding, and counts them in rows but not in useful', async () => {
    const world = new World({ maxBatch: 2, maxWaitMs: 0 });
    world.submit(request(1, 1), request(2, 4));
    await world.clock.run();
    expect(passesOf(world)).toEqual([
      'prefill 2 of 2',
      'decode 2 of 2',
      'decode 1 of 2',
      'decode 1 of 2',
      'decode 1 of 2',
    ]);
  });

  it('with more sequences than microBatchSize runs micro-batches one after another in the same slots', async () => {
    const world = new World({ maxBatch: 8, maxWaitMs: 0, microBatchSize: 2 });
    world.submit(request(1, 2, { maxNewTokens: 2 }), request(2, 1, { maxNewTokens: 1 }));
    world.submit(request(3, 2, { maxNewTokens: 2 }));
    await world.clock.run();
    const slots = world
      .of('pass')
      .map(({ phase, slots, rows }) => `${phase} ${slots}: ${rows.map(({ id }) => id)}`);
    expect(slots).toEqual(['prefill 0,1: 1,2', 'decode 0,1: 1,2', 'prefill 0: 3', 'decode 0: 3']);
    expect(world.starts()).toEqual([{ at: 0, ids: [1, 2, 3] }]);
  });

  it('with maxBatch 1 and maxWaitMs 0 is sequential', async () => {
    const [one, other] = [new World({ maxBatch: 1, maxWaitMs: 0 }), new World({ policy: 'sequential' })];
    for (const world of [one, other]) {
      world.submit(request(1), request(2, 5), request(3));
      await world.clock.run();
      world.log.shift();
    }
    expect(one.log).toEqual(other.log);
    expect(one.starts().map(({ ids }) => ids)).toEqual([[1], [2], [3]]);
  });
});

describe('continuous batching', () => {
  it('admits a request at the next step and releases it at its own end', async () => {
    const world = new World({ policy: 'continuous', maxBatch: 2, maxWaitMs: 500 });
    world.submit(request(1, 12));
    await world.clock.advance(20);
    world.submit(request(2, 1), request(3, 1));
    await world.clock.run();
    expect(world.of('settled').map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(world.starts().map(({ ids }) => ids)).toEqual([[1], [2], [3]]);
    expect(world.of('step').every(({ rows, useful }) => rows === useful)).toBe(true);
  });

  it('reuses the slot of a cancelled request before the next pass', async () => {
    const world = new World({ policy: 'continuous', maxBatch: 1 });
    world.submit(request(1, 30), request(2, 1));
    await world.clock.advance(11);
    world.cancel(1);
    await world.clock.run();
    const [step] = world.of('step').filter(({ at }) => at > 11);
    expect(world.endOf(1).at).toBe(step?.at);
    expect(world.starts()[1]).toEqual({ at: step?.at, ids: [2] });
  });

  it('splits a long prompt into chunks, between which others decode', async () => {
    const world = new World({ policy: 'continuous', maxPrefillTokensPerStep: 16 });
    world.submit(request(1, 30));
    await world.clock.advance(10);
    world.submit(request(2, 3, { promptTokens: 40 }));
    await world.clock.run();
    const passes = world.of('step').map(({ phase, ids }) => `${phase} ${ids.join(' ')}`);
    const begin = passes.lastIndexOf('prefill 2') - 4;
    expect(passes.slice(begin, begin + 6)).toEqual([
      'prefill ',
      'decode 1',
      'prefill ',
      'decode 1',
      'prefill 2',
      'decode 1 2',
    ]);
    expect(world.tokensOf(2)).toEqual(answerTo(request(2, 3, { promptTokens: 40 })));
  });

  it('prefills as many whole prompts together as the prefill budget holds', async () => {
    const world = new World({ policy: 'continuous', maxPrefillTokensPerStep: 30 });
    for (const [id, promptTokens] of [10, 12, 9, 31, 20].entries())
      world.submit(request(id, 3, { promptTokens }));
    await world.clock.run();
    const prefills = world.of('step').filter(({ phase }) => phase === 'prefill');
    expect(prefills.map(({ ids }) => ids)).toEqual([[0, 1], [2], [], [3, 4]]);
  });

  it('lets short prompts go beside the chunks of a long one, in half of the budget', async () => {
    const world = new World({ policy: 'continuous', maxPrefillTokensPerStep: 32, maxBatch: 8 });
    world.submit(request(1, 3, { promptTokens: 56 }), request(2, 3, { promptTokens: 40 }));
    world.submit(...[3, 4, 5].map((id) => request(id, 3, { promptTokens: 8 })));
    await world.clock.run();
    const prefills = world.of('step').filter(({ phase }) => phase === 'prefill');
    // 16 of the first prompt beside two of 8, then 24 beside the last of 8; its last 16 leave no room for the second's 40.
    const rows = prefills.map(({ members, ids, answers }) => [members, ids, answers]);
    expect(rows).toEqual([
      [[1, 3, 4], [3, 4], false],
      [[1, 5], [5], false],
      [[1], [1], true],
      [[2], [], false],
      [[2], [2], true],
    ]);
    for (const id of [1, 3, 5]) {
      expect(world.tokensOf(id)).toEqual(answerTo(request(id, 3, { promptTokens: id === 1 ? 56 : 8 })));
    }
  });

  it('gives each sequence of a request a slot; the request waits until enough slots are free', async () => {
    const world = new World({ policy: 'continuous', maxBatch: 3 });
    world.submit(request(1, 4, { sequences: 2 }), request(2, 1, { sequences: 2 }), request(3, 1));
    await world.clock.run();
    expect(world.starts().map(({ ids }) => ids)).toEqual([[1], [2, 3]]);
    for (const sequence of [0, 1]) expect(world.tokensOf(1, sequence)).toEqual(answerTo(request(1, 4)));
  });
});

describe('passes ahead of the tokens', () => {
  it('waste at most passesAhead rows for an early end, and none for a known length', async () => {
    for (const policy of ['sequential', 'static', 'continuous'] as const) {
      const world = new World({ policy, maxBatch: 1, maxWaitMs: 0 }, { passesAhead: 2 });
      world.submit(request(1, 30, { maxNewTokens: 6 }), request(2, 6));
      await world.clock.run();
      const steps = world.of('step');
      const wasted = (from: number, to: number) =>
        steps.slice(from, to).reduce((sum, { rows, useful }) => sum + rows - useful, 0);
      // Six passes for six tokens; then seven with the end of sequence, and two that were under way by then.
      expect([wasted(0, 6), wasted(6, steps.length), steps.length]).toEqual([0, 2, 15]);
      expect(world.tokensOf(2)).toEqual(answerTo(request(2, 6)));
    }
  });
});

describe('limits', () => {
  it('accept exactly maxQueue requests and reject the next, naming the limit', () => {
    const world = new World({ maxQueue: 3, maxWaitMs: 1000 });
    world.submit(...[1, 2, 3, 4].map((id) => request(id)));
    expect(world.of('enqueued').map(({ queued }) => queued)).toEqual([1, 2, 3]);
    expect(world.endOf(4)).toMatchObject({ outcome: 'rejected', message: 'The queue is full (maxQueue 3).' });
  });

  it('refuse a request with the id of one under way, and accept it after that one has ended', async () => {
    const world = new World({ policy: 'continuous', cancelCheckEvery: 64 });
    world.submit(request(1, 2));
    expect(() => world.submit(request(1))).toThrow(/Request 1 is under way/);
    world.cancel(1);
    await world.clock.advance(0);
    world.submit(request(1, 2));
    await world.clock.run();
    expect(world.of('settled').map(({ settlement }) => settlement.outcome)).toEqual([
      'cancelled',
      'completed',
    ]);
  });

  it('with invalid values are refused, and the old limits stay', () => {
    const { scheduler } = new World();
    expect(() => scheduler.configure({ maxBatch: 0 })).toThrow(/maxBatch .*from 1 to 256; given: 0/);
    expect(scheduler.config.maxBatch).toBe(8);
  });

  it('that shrink reject waiting requests that need more slots than remain', async () => {
    const world = new World({ policy: 'static', maxBatch: 8, maxWaitMs: 1000 });
    world.submit(request(1, 3, { sequences: 4 }), request(2));
    world.configure({ policy: 'continuous', maxBatch: 2 });
    await world.clock.run();
    expect(world.endOf(1)).toMatchObject({ outcome: 'rejected', message: /4 sequences .* 2 slots/ });
    expect(world.endOf(2).outcome).toBe('completed');
  });

  it('of the cache are reported before anything changes', () => {
    const options: WorldOptions = { most: 8 };
    const { scheduler } = new World({}, options);
    expect(() => scheduler.configure({ maxBatch: 9 })).toThrow(/9 slots were asked for; 8 fit/);
    expect(scheduler.config.maxBatch).toBe(8);
    expect(scheduler.configure({ policy: 'sequential', maxBatch: 9 }).maxBatch).toBe(9);
    expect(() => scheduler.configure({ policy: 'continuous' })).toThrow(/9 slots/);
  });
});

describe('ends', () => {
  it('come with the end of sequence or with the allowance', async () => {
    const world = new World({ maxWaitMs: 0 });
    world.submit(request(1, 3), request(2, 30, { maxNewTokens: 2 }));
    await world.clock.run();
    expect(world.endOf(1)).toMatchObject({ outcome: 'completed', finishReason: 'stop' });
    expect(world.endOf(2)).toMatchObject({ outcome: 'completed', finishReason: 'length' });
    expect([world.tokensOf(1).length, world.tokensOf(2).length]).toEqual([3, 2]);
  });

  it('by drain settle every request and accept no more', async () => {
    const world = new World({ maxWaitMs: 500 });
    world.submit(request(1));
    const drained = world.drain();
    world.submit(request(2));
    await world.clock.run();
    await drained;
    expect(world.scheduler.status).toBe('closed');
    expect(world.outcomes(1, 2)).toEqual(['completed', 'rejected']);
    // No more requests can come, so the batch does not wait for company.
    expect(world.starts()[0]?.at).toBe(0);
    await expect(world.drain()).rejects.toThrow(/closed cannot become draining/);
  });
});
