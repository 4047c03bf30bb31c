import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { createAppStore, QUIET_TAB } from './app-state';
import { witness } from './measuring';
import { changeLoad, seeUpdate } from './reducers';
import { markLabel } from './series';
import { START_SETTINGS } from './settings';
import { disturbancesOf, disturbedSince, seeHidden, seeOthers } from './tab-state';

const ALONE = { open: 0, busy: 0, working: 0 };
const BUSY = { open: 1, busy: 1, working: 1 };

function page({ running = true } = {}) {
  const store = createAppStore(START_SETTINGS);
  type State = ReturnType<typeof store.getState>;
  const to = (change: (state: State) => State) => store.setState(change, true);
  if (running) to((state) => changeLoad(state, { status: 'running' }, 0));
  return { store, to, state: store.getState };
}

describe('a hidden tab', () => {
  it('marks both moments over time, and says on return for how long', () => {
    const { to, state } = page();
    to((s) => seeHidden(s, true, 10_000));
    expect(disturbancesOf(state().tab)).toEqual(['tab-hidden']);
    to((s) => seeHidden(s, false, 52_000));
    expect(state().tab.away).toEqual({ at: 52_000, ms: 42_000 });
    expect(state().marks.map(markLabel)).toEqual(['Load started', 'Tab hidden', 'Tab seen again']);
  });

  it('adds no mark without a load', () => {
    const { to, state } = page({ running: false });
    to((s) => seeHidden(s, true, 10_000));
    to((s) => seeHidden(s, false, 52_000));
    expect(state().tab.away).toBeNull();
    expect(state().marks).toEqual([]);
  });

  it('disturbs every figure whose window it touches, and none after', () => {
    const { to, state } = page();
    const pointAt = (at: number) => {
      to((s) => seeUpdate(s, { snapshot: snapshotAt(at), samples: [] }));
      return state().picture.present?.disturbed;
    };
    expect(pointAt(10_000)).toEqual([]);
    to((s) => seeHidden(s, true, 11_000));
    expect(pointAt(12_000)).toEqual(['tab-hidden']);
    to((s) => seeHidden(s, false, 13_000));
    expect(pointAt(22_000)).toEqual(['tab-hidden']);
    expect(pointAt(24_000)).toEqual([]);
  });
});

describe('another tab', () => {
  it('disturbs while it is under load, and not while it rests', () => {
    const { to, state } = page();
    to((s) => seeOthers(s, { open: 1, busy: 0, working: 0 }, 1000));
    expect(disturbancesOf(state().tab)).toEqual([]);
    to((s) => seeOthers(s, BUSY, 5000));
    expect(disturbancesOf(state().tab)).toEqual(['other-tab']);
    to((s) => seeOthers(s, ALONE, 9000));
    expect(disturbedSince(state().tab, 8000)).toEqual(['other-tab']);
    expect(disturbedSince(state().tab, 9000)).toEqual([]);
    expect(state().marks.map(markLabel)).toEqual([
      'Load started',
      'Another tab at work',
      'Another tab at rest',
    ]);
  });

  it('leaves the state as it is where nothing changed', () => {
    const { state } = page();
    expect(seeOthers(state(), ALONE, 1)).toBe(state());
    expect(seeHidden(state(), false, 1)).toBe(state());
    expect(state().tab).toEqual(QUIET_TAB);
  });
});

const unseen = async () => {};

it('a witness tells what disturbed a measurement, also for a moment', async () => {
  const { store, to } = page();
  const measured = await witness(store, unseen, async () => {
    to((s) => seeHidden(s, true, 1));
    to((s) => seeHidden(s, false, 2));
    return { summary: 1 };
  });
  expect(measured).toEqual({ summary: 1, disturbed: ['tab-hidden'] });
  expect(await witness(store, unseen, async () => ({}))).toEqual({ disturbed: [] });
});
