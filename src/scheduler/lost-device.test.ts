import { expect, it } from 'vitest';
import { answerTo, request, World } from '../../testing/scheduler/world';

const REASON = 'The GPU fell off.';

/** Five requests, the first two of which run. */
async function running(renewals: number): Promise<World> {
  const world = new World({ policy: 'continuous', maxBatch: 2 }, { renewals, passesAhead: 2 });
  world.submit(...[1, 2, 3, 4, 5].map((id) => request(id)));
  await world.clock.advance(6);
  return world;
}

it('fails running requests; queued requests run on the next device', async () => {
  const world = await running(1);
  world.lose(REASON);
  await world.clock.advance(1);
  world.submit(request(6));
  await world.clock.run();
  for (const id of [1, 2]) expect(world.endOf(id)).toMatchObject({ outcome: 'failed', message: REASON });
  for (const id of [3, 4, 5, 6]) {
    expect(world.endOf(id).outcome).toBe('completed');
    expect(world.tokensOf(id)).toEqual(answerTo(request(id)));
  }
  const statuses = world.of('status').map(({ status }) => status);
  expect(statuses).toEqual(['running', 'lost', 'loading', 'warming-up', 'ready', 'running', 'ready']);
  expect(world.of('status').find(({ status }) => status === 'lost')?.reason).toBe(REASON);
});

it('without a next device fails queued requests too, and closes', async () => {
  const world = await running(0);
  world.lose();
  await world.clock.run();
  expect(world.scheduler.status).toBe('closed');
  for (const id of [3, 4, 5]) {
    expect(world.endOf(id)).toMatchObject({ outcome: 'failed', message: 'no adapter any more' });
  }
  world.submit(request(6));
  expect(world.endOf(6).outcome).toBe('rejected');
  await world.scheduler.settled();
});

it('is not replaced endlessly: a device that is lost before its first pass succeeds is the last one', async () => {
  for (const mishap of ['fails', null] as const) {
    const world = await running(9);
    world.lose();
    await world.clock.advance(40);
    world.mishap = mishap;
    await world.clock.advance(mishap ? 16 : 11);
    world.lose('The GPU fell off again.');
    world.submit(request(6));
    await world.clock.run();
    expect(world.endOf(6)).toMatchObject({ outcome: 'failed', message: 'The GPU fell off again.' });
    expect(world.devices).toBe(2);
  }
});

it('is replaced while draining as long as requests wait', async () => {
  const world = await running(1);
  const drained = world.drain();
  world.lose();
  await world.clock.run();
  await drained;
  expect(world.scheduler.status).toBe('closed');
  expect(world.outcomes(1, 2, 3, 4, 5)).toEqual(['failed', 'failed', 'completed', 'completed', 'completed']);
});

it('expires deadlines while the next device loads', async () => {
  const world = new World({ maxBatch: 1, maxWaitMs: 0, timeoutMs: 30 }, { renewals: 1 });
  world.submit(request(1), request(2));
  await world.clock.advance(6);
  world.lose();
  await world.clock.run();
  expect(world.outcomes(1, 2)).toEqual(['failed', 'expired']);
  expect(world.endOf(2).at).toBe(30);
});

it('may be lost at any moment of the turn in which a pass ends', async () => {
  for (let moments = 0; moments < 40; moments++) {
    let passes = 0;
    const afterPass = async () => {
      passes += 1;
      if (passes !== 2) return;
      for (let i = 0; i < moments; i++) await null;
      world.lose();
    };
    const world: World = new World(
      { maxBatch: 2, maxWaitMs: 0 },
      { renewals: 1, afterPass: () => void afterPass() },
    );
    world.submit(...[1, 2, 3].map((id) => request(id)));
    await world.clock.run();
    expect(world.outcomes(1, 2, 3)).toEqual(['failed', 'failed', 'completed']);
  }
});
