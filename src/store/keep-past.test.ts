import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createAppStore } from './app-store';
import { snapshotAt } from './example-snapshot';
import { keepPast, type Shelf } from './keep-past';
import { pastLabel } from './past-picture';
import { readPast } from './read-past';
import { changeLoad, changeModel, changeSettings, seeUpdate } from './reducers';
import { START_SETTINGS } from './settings';

const SIMULATED = readFileSync(new URL('../../public/first-picture.json', import.meta.url), 'utf8');

const INFO = {
  adapter: { kind: 'wasm', name: 'WebAssembly, 1 thread', software: false },
  note: null,
  model: { name: 'mini-gpt', url: '', sha256: 'ab', bytes: 1, contextLength: 128, vocabularySize: 1024 },
} as const;

/** A page over a shelf; another over the same is the next visit. */
function visit(shelf: Shelf) {
  const store = createAppStore(START_SETTINGS);
  let at = 0;
  const shown = keepPast(store, {
    shelf,
    simulated: async () => SIMULATED,
    browser: 'Chromium 156.0.0.0',
    now: () => at,
    date: () => '2026-11-21T10:00:00.000Z',
  });
  const serve = () => {
    store.setState((state) => changeModel(state, { status: 'ready', info: INFO }, 0), true);
    store.setState((state) => changeLoad(state, { status: 'running' }, 0), true);
  };
  const update = (changes: Parameters<typeof snapshotAt>[1] = {}) => {
    at += 10_000;
    store.setState((state) => seeUpdate(state, { snapshot: snapshotAt(at, changes), samples: [] }), true);
  };
  return { store, shown, serve, update, past: () => store.getState().past };
}

function shelfOf(text: string | null) {
  const shelf = {
    text,
    read: () => shelf.text,
    write: (next: string) => {
      shelf.text = next;
    },
  };
  return shelf;
}

describe('the picture before the first figures', () => {
  it('is simulated on a first visit, and says so', async () => {
    const page = visit(shelfOf(null));
    await page.shown;
    const past = page.past();
    expect(past && pastLabel(past)).toMatch(/^Simulated, not measured/);
  });

  it('is on the next visit what was last measured, with its date, model, adapter and browser', async () => {
    const shelf = shelfOf(null);
    const first = visit(shelf);
    await first.shown;
    first.serve();
    first.update();
    const changed = { ...START_SETTINGS, serving: { ...START_SETTINGS.serving, maxBatch: 3 } };
    first.store.setState((state) => changeSettings(state, changed, 10_000), true);
    first.update();
    const second = visit(shelf);
    await second.shown;
    const past = second.past();
    expect(past && pastLabel(past)).toBe(
      'Last time, not now: 21 Nov 2026, mini-gpt on WebAssembly, 1 thread, Chromium 156.',
    );
    expect(past?.figures.throughputRps).toBe(40);
    expect(past?.picture.finished).toHaveLength(1);
  });

  it('is gone for good with the first true figures, and was never one of them', async () => {
    const page = visit(shelfOf(null));
    await page.shown;
    page.serve();
    page.update({ latency: null, throughputRps: null });
    expect(page.past()).not.toBeNull();
    expect(page.store.getState().picture.finished).toEqual([]);
    page.update();
    expect(page.past()).toBeNull();
    page.update({ latency: null, throughputRps: null });
    expect(page.past()).toBeNull();
    expect(page.store.getState().picture.finished).toEqual([]);
  });

  it('does not come over figures that were there before it', async () => {
    const page = visit(shelfOf(null));
    page.serve();
    page.update();
    await page.shown;
    expect(page.past()).toBeNull();
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['another version', JSON.stringify({ version: 2 })],
    ['a wrong figure', SIMULATED.replace(/"throughputRps":[\d.]+/, '"throughputRps":"fast"')],
  ])('ignores what is damaged: %s', async (_, text) => {
    expect(readPast(text)).toBeNull();
    const page = visit(shelfOf(text));
    await page.shown;
    expect(page.past()?.adapter.kind).toBe('simulated');
  });

  it('does without a storage that throws', async () => {
    const page = visit({
      read: () => {
        throw new Error('denied');
      },
      write: () => {
        throw new Error('full');
      },
    });
    await page.shown;
    expect(page.past()?.adapter.kind).toBe('simulated');
    page.serve();
    page.update();
    expect(page.store.getState().snapshot?.throughputRps).toBe(40);
  });
});
