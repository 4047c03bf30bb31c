import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { memoryLocks, refusedLocks } from '../../testing/memory-locks';
import { VirtualClock } from '../simulator/virtual-clock';
import { createAppStore } from './app-state';
import { asking } from './load-actions';
import { witness } from './measuring';
import { changeLoad, seeUpdate } from './reducers';
import { START_SETTINGS } from './settings';
import { aloneAmongTabs, type Locks, watchOtherTabs } from './tabs';

const clock = () => new VirtualClock(() => new Promise(setImmediate));

function tab(locks: Locks, time = clock()) {
  const store = createAppStore(START_SETTINGS);
  const refusals: unknown[] = [];
  const look = watchOtherTabs({ store, locks, clock: time, onRefused: (error) => refusals.push(error) });
  type State = ReturnType<typeof store.getState>;
  const to = (change: (state: State) => State) => store.setState(change, true);
  return { store, to, look, refusals, clock: time, others: () => store.getState().tab.others };
}

const loading = { status: 'loading', progress: null } as const;

describe('tabs of the page', () => {
  it('see of each other who has a model, who is under load and who works', async () => {
    const [locks, time] = [memoryLocks(), clock()];
    const [one, other] = [tab(locks, time), tab(locks, time)];
    await time.advance(1000);
    expect(other.others()).toEqual({ open: 0, busy: 0, working: 0 });
    one.to((state) => ({ ...state, model: loading }));
    await time.advance(1000);
    expect(other.others()).toEqual({ open: 1, busy: 0, working: 1 });
    one.to((state) => changeLoad(state, { status: 'running' }, 0));
    await time.advance(1000);
    expect(other.others()).toEqual({ open: 1, busy: 1, working: 1 });
    expect(one.others()).toEqual({ open: 0, busy: 0, working: 0 });
    one.to((state) => changeLoad({ ...state, model: { status: 'idle' } }, { status: 'stopped' }, 0));
    await time.advance(3000);
    expect(other.others()).toEqual({ open: 0, busy: 0, working: 0 });
  });

  it.each([
    ['a burst', (one: ReturnType<typeof tab>) => void asking(one.store, async () => {})],
    [
      'answers to prompts',
      (one: ReturnType<typeof tab>) => one.to((s) => seeUpdate(s, { snapshot: snapshotAt(1), samples: [] })),
    ],
    ['a model that loads', (one: ReturnType<typeof tab>) => one.to((s) => ({ ...s, model: loading }))],
  ])('mark a run that is measured beside %s in another one, however short it was', async (_, work) => {
    const [locks, time] = [memoryLocks(), clock()];
    const [one, measuring] = [tab(locks, time), tab(locks, time)];
    await time.advance(1000);
    const measured = witness(measuring.store, measuring.look, async () => {
      work(one);
      one.to((state) => ({ ...state, model: { status: 'idle' }, snapshot: null }));
      // Over before the next look is due.
      await time.advance(100);
      return {};
    });
    expect(await measured).toEqual({ disturbed: ['other-tab'] });
  });

  it('measure one at a time, also when two begin at the same instant', async () => {
    const alone = aloneAmongTabs(memoryLocks());
    let end = () => {};
    const measured = alone(
      () =>
        new Promise<string>((resolve) => {
          end = () => resolve('figures');
        }),
    );
    await expect(alone(async () => 'others')).rejects.toMatchObject({ code: 'invalid-state' });
    end();
    expect(await measured).toBe('figures');
    expect(await alone(async () => 'others')).toBe('others');
  });

  it('do without each other where the browser refuses locks, and say so once', async () => {
    const { refusals, clock: time, to } = tab(refusedLocks);
    to((state) => ({ ...state, model: loading }));
    await time.advance(5000);
    expect(refusals).toHaveLength(1);
    const alone = aloneAmongTabs(refusedLocks);
    expect(await alone(async () => 'figures')).toBe('figures');
    await expect(
      alone(async () => {
        throw new Error('The measurement failed.');
      }),
    ).rejects.toThrow('The measurement failed.');
    expect(await aloneAmongTabs(null)(async () => 'figures')).toBe('figures');
  });
});
