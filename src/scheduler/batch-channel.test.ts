import { describe, expect, it } from 'vitest';
import { request, World } from '../../testing/scheduler/world';

/** The batches that stand sealed while the first one runs, of requests that come one every 2 ms. */
async function sealedWhileBusy(channelCapacity: number): Promise<(readonly number[])[]> {
  const world = new World({ maxBatch: 4, maxWaitMs: 3, channelCapacity });
  world.submit(request(0, 30));
  await world.clock.advance(4);
  for (let id = 1; id <= 12; id++) {
    world.submit(request(id));
    await world.clock.advance(2);
  }
  return world
    .of('batched')
    .slice(1)
    .map(({ ids }) => ids);
}

describe('a channel of', () => {
  it('0 forms a batch only when the runner is free', async () => {
    expect(await sealedWhileBusy(0)).toEqual([]);
  });

  it('1 prepares exactly one batch while one runs', async () => {
    expect(await sealedWhileBusy(1)).toEqual([[1, 2]]);
  });

  it('3 seals early: small batches, where batches sealed later would have been full', async () => {
    expect(await sealedWhileBusy(3)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });
});

describe('sealed members that are cancelled or expire', () => {
  /** 0 runs; the batches 1–2 and 3–4 stand sealed, as far as the capacity allows; the rest queues. */
  async function sealed(channelCapacity: number): Promise<World> {
    const world = new World({ maxBatch: 2, maxWaitMs: 0, channelCapacity });
    world.submit(request(0, 3));
    await world.clock.advance(1);
    world.submit(...[1, 2, 3, 4, 5].map((id) => request(id)));
    await world.clock.advance(1);
    return world;
  }

  it('are dropped and counted, and queued requests take their places', async () => {
    const world = await sealed(1);
    world.cancel(1);
    await world.clock.run();
    expect(world.of('dropped').map(({ batch, ids }) => ({ batch, ids }))).toEqual([{ batch: 2, ids: [1] }]);
    expect(world.of('started')[1]).toMatchObject({ batch: 2, ids: [2, 3], refilled: 1 });
    expect(world.outcomes(0, 1, 2, 3, 4, 5)).toEqual([
      'completed',
      'cancelled',
      ...new Array(4).fill('completed'),
    ]);
  });

  it('are not replaced by requests that would overtake a batch sealed behind', async () => {
    const world = await sealed(2);
    world.cancel(1);
    await world.clock.run();
    expect(world.starts().map(({ ids }) => ids)).toEqual([[0], [2], [3, 4], [5]]);
  });

  it('leave no batch to run when all members are gone', async () => {
    const world = await sealed(1);
    world.cancel(1);
    world.cancel(2);
    await world.clock.run();
    expect(world.starts().map(({ ids }) => ids)).toEqual([[0], [3, 4], [5]]);
    expect(world.of('started').map(({ batch }) => batch)).toEqual([1, 3, 4]);
  });

  it('are dropped at their deadlines too', async () => {
    const world = new World({ maxBatch: 2, maxWaitMs: 0, timeoutMs: 12 });
    world.submit(request(0, 3));
    await world.clock.advance(1);
    world.submit(request(1), request(2));
    await world.clock.run();
    expect(world.outcomes(0, 1, 2)).toEqual(['expired', 'expired', 'expired']);
    expect(world.of('dropped').flatMap(({ ids }) => ids)).toEqual([1, 2]);
    expect(world.starts()).toHaveLength(1);
  });

  it('never block the batch sealed behind them', async () => {
    const world = new World({ policy: 'sequential', channelCapacity: 3, timeoutMs: 8 });
    world.submit(request(0, 30, { maxNewTokens: 3 }), request(1), request(2));
    await world.clock.advance(10);
    world.configure({ timeoutMs: 0 });
    world.submit(request(3));
    await world.clock.run();
    expect(world.outcomes(1, 2, 3)).toEqual(['expired', 'expired', 'completed']);
  });
});

it('a sealed batch that a new limit splits runs in parts, in its order', async () => {
  const world = new World({ maxBatch: 4, maxWaitMs: 0 });
  world.submit(request(0));
  await world.clock.advance(1);
  world.submit(...[1, 2, 3, 4].map((id) => request(id)));
  await world.clock.advance(1);
  world.configure({ maxBatch: 3 });
  await world.clock.run();
  expect(world.starts().map(({ ids }) => ids)).toEqual([[0], [1, 2, 3], [4]]);
});
