import { describe, expect, test } from 'vitest';
import type { Clock } from '../core/clock';
import { VirtualClock } from '../simulator/virtual-clock';
import { ReplacementBudget, Watchdog } from './supervision';

interface Verdict {
  readonly at: number;
  readonly silentMs: number;
}

/** A worker that beats each second until it freezes, and a watchdog that looks four times a second. Stamps in ms. */
class Watched {
  readonly clock = new VirtualClock(() => new Promise(setImmediate));
  readonly dog = new Watchdog();
  readonly verdicts: Verdict[] = [];
  #frozen = false;
  #busyMs: number | null = 0;

  constructor({ lookMs = 250 } = {}) {
    void every(this.clock, 1000, () => {
      if (!this.#frozen) this.dog.beat(this.#busyMs);
    });
    void every(this.clock, lookMs, () => this.look());
  }

  look(): void {
    const silentMs = this.dog.look(this.clock.now());
    if (silentMs !== null) this.verdicts.push({ at: this.clock.now(), silentMs });
  }

  announce(busyMs: number | null): void {
    this.#busyMs = busyMs;
    this.dog.beat(busyMs);
  }

  freeze(frozen = true): void {
    this.#frozen = frozen;
  }

  /** ms from now to the first verdict; null without one in `withinMs`. */
  async verdictWithin(withinMs: number): Promise<number | null> {
    const from = this.clock.now();
    await this.clock.advance(withinMs);
    const first = this.verdicts[0];
    return first ? first.at - from : null;
  }
}

async function every(clock: Clock, ms: number, act: () => void): Promise<void> {
  for (;;) {
    act();
    await clock.sleep(ms);
  }
}

describe('a worker that serves', () => {
  test('lives as long as it beats', async () => {
    const watched = new Watched();
    expect(await watched.verdictWithin(600_000)).toBeNull();
  });

  test.each([0, 1, 250, 999])('is found frozen within five seconds, %i ms after a beat', async (afterMs) => {
    const watched = new Watched();
    await watched.clock.advance(10_000 + afterMs);
    watched.freeze();
    const ms = await watched.verdictWithin(60_000);
    expect(ms).toBeGreaterThan(2250);
    expect(ms).toBeLessThan(5000);
    expect(watched.verdicts[0]?.silentMs).toBeGreaterThan(3500);
    expect(watched.verdicts[0]?.silentMs).toBeLessThanOrEqual(3750);
  });

  test('is let alone in a pass of the length that it announced, and ten times that', async () => {
    const watched = new Watched();
    await watched.clock.advance(10_000);
    watched.announce(2000);
    watched.freeze();
    expect(await watched.verdictWithin(19_900)).toBeNull();
    watched.freeze(false);
    await watched.clock.advance(1000);
    expect(watched.verdicts).toEqual([]);
  });

  test('is found frozen in a long pass too', async () => {
    const watched = new Watched();
    await watched.clock.advance(10_000);
    watched.announce(2000);
    watched.freeze();
    expect(await watched.verdictWithin(60_000)).toBeCloseTo(20_250, -1);
  });

  test('has no more than before after a long pass', async () => {
    const watched = new Watched();
    await watched.clock.advance(10_000);
    watched.announce(2000);
    watched.announce(3);
    watched.freeze();
    expect(await watched.verdictWithin(60_000)).toBeLessThan(5000);
  });
});

describe('a worker that loads', () => {
  test('may compile for minutes, before its first beat and after', async () => {
    const watched = new Watched();
    watched.announce(null);
    watched.freeze();
    expect(await watched.verdictWithin(299_000)).toBeNull();
  });

  test('and has failed after five', async () => {
    const watched = new Watched();
    watched.announce(null);
    watched.freeze();
    expect(await watched.verdictWithin(400_000)).toBeCloseTo(300_250, -1);
  });
});

describe('time in which the watchdog did not look', () => {
  test('is not counted: a laptop that slept for an hour', async () => {
    const dog = new Watchdog();
    dog.beat(0);
    for (let at = 0; at <= 900; at += 250) expect(dog.look(at)).toBeNull();
    const woken = 3_600_000;
    expect(dog.look(woken)).toBeNull();
    // The worker's timer was set to a second, and runs on from where it slept.
    for (let at = woken + 250; at <= woken + 1000; at += 250) expect(dog.look(at)).toBeNull();
    dog.beat(0);
    expect(dog.look(woken + 1250)).toBeNull();
  });

  test('but a worker that does not wake with it is found', () => {
    const dog = new Watchdog();
    dog.beat(0);
    dog.look(0);
    const woken = 3_600_000;
    const found = [];
    for (let at = woken; at <= woken + 5000; at += 250) if (dog.look(at) !== null) found.push(at - woken);
    expect(found[0]).toBe(2750);
  });

  test('a hidden tab that looks once a minute finds no healthy worker frozen, and a frozen one late', async () => {
    const watched = new Watched({ lookMs: 60_000 });
    expect(await watched.verdictWithin(3_600_000)).toBeNull();
    watched.freeze();
    expect(await watched.verdictWithin(3_600_000)).toBeLessThanOrEqual(6 * 60_000);
  });

  test('a page that gets all beats late, but in order, reports no freeze', () => {
    const dog = new Watchdog();
    const heard = [];
    // Handled in slow motion, ten times slower than it was sent: what counts is when it was sent.
    for (let at = 0; at < 600_000; at += 250) {
      if (at % 1000 === 0) dog.beat(0);
      heard.push(dog.look(at));
    }
    expect(heard.every((silentMs) => silentMs === null)).toBe(true);
  });
});

describe('the budget of replacements', () => {
  test('allows three within a minute, whenever the minute began', () => {
    const budget = new ReplacementBudget();
    expect([0, 20_000, 59_000].map((at) => budget.spend(at))).toEqual([true, true, true]);
    expect(budget.spend(59_999)).toBe(false);
    expect(budget.spend(60_000)).toBe(true);
    expect(budget.spend(60_001)).toBe(false);
    expect(budget.spend(80_000)).toBe(true);
  });

  test('allows one an hour without end', () => {
    const budget = new ReplacementBudget();
    for (let hour = 0; hour < 100; hour++) expect(budget.spend(hour * 3_600_000)).toBe(true);
  });
});
