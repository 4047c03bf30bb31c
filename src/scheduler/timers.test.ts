import { expect, it } from 'vitest';
import { request, World } from '../../testing/scheduler/world';

it('expires a queued request at its deadline', async () => {
  const world = new World({ maxBatch: 1, maxWaitMs: 0, channelCapacity: 0 });
  world.submit(request(1, 30));
  await world.clock.advance(5);
  world.configure({ timeoutMs: 50 });
  world.submit(request(2));
  await world.clock.run();
  expect(world.endOf(2)).toEqual({ outcome: 'expired', at: 55 });
  expect(world.starts()).toEqual([{ at: 0, ids: [1] }]);
});

it('expires a sealed request at its deadline', async () => {
  const world = new World({ maxBatch: 1, maxWaitMs: 0, channelCapacity: 1 });
  world.submit(request(1, 30));
  await world.clock.advance(5);
  world.configure({ timeoutMs: 50 });
  world.submit(request(2));
  await world.clock.run();
  expect(world.of('batched').map(({ ids }) => ids)).toEqual([[1], [2]]);
  expect(world.endOf(2)).toEqual({ outcome: 'expired', at: 55 });
});

it('expires a running request at the next check', async () => {
  for (const [cancelCheckEvery, steps] of [
    [1, 5],
    [3, 7],
  ] as const) {
    const world = new World({ maxBatch: 1, maxWaitMs: 0, timeoutMs: 21, cancelCheckEvery });
    world.submit(request(1, 30));
    await world.clock.run();
    // The prefill takes 4.3 ms, each decode step 5; looks are after the prefill and every so many decode steps.
    expect(world.of('step')).toHaveLength(steps);
    expect(world.endOf(1)).toEqual({ outcome: 'expired', at: world.of('step').at(-1)?.at });
  }
});

it('counts from the enqueue, with the timeout in force at that time', async () => {
  const world = new World({ maxBatch: 1, maxWaitMs: 0, timeoutMs: 50 });
  world.submit(request(1, 30), request(2));
  world.configure({ timeoutMs: 0 });
  world.submit(request(3));
  await world.clock.run();
  expect(world.outcomes(1, 2, 3)).toEqual(['expired', 'expired', 'completed']);
});

it('holds although the timer loop is late, as where a pass blocks the thread', async () => {
  const world = new World({ maxBatch: 1, maxWaitMs: 0, timeoutMs: 9.3, channelCapacity: 0 });
  world.submit(request(1, 1), request(2));
  await world.clock.run();
  // The first ends at 9.3 ms sharp, and its end comes before the timer of the second.
  expect(world.endOf(1).at).toBeCloseTo(9.3);
  expect(world.starts()).toHaveLength(1);
  expect(world.endOf(2).outcome).toBe('expired');
});

it('does not override an earlier cancellation, nor a cancellation an earlier deadline', async () => {
  const world = new World({ maxBatch: 2, maxWaitMs: 0, timeoutMs: 15, cancelCheckEvery: 10 });
  world.submit(request(1, 30), request(2, 30));
  await world.clock.advance(14);
  world.cancel(1);
  await world.clock.advance(2);
  world.cancel(2);
  await world.clock.run();
  expect(world.outcomes(1, 2)).toEqual(['cancelled', 'expired']);
});
