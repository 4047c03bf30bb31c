import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServingEvent, SettledEvent } from '../core/events';
import type { ServingRequest } from '../core/request';
import { DEFAULT_SERVING_CONFIG, POLICIES, type ServingConfig } from '../core/serving-config';
import { SimulatedBackend, simulatedToken } from '../simulator/simulated-backend';
import { VirtualClock } from '../simulator/virtual-clock';
import { Scheduler } from './scheduler';

const COST = { passMs: 4, prefillTokenMs: 0.1, decodeRowMs: 1 };

interface World {
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  readonly events: ServingEvent[];
  failPass: string | null;
}

function world(config: Partial<ServingConfig> = {}, passesAhead = 0, most?: number): World {
  const clock = new VirtualClock(() => new Promise((resolve) => setImmediate(resolve)));
  const events: ServingEvent[] = [];
  const beforePass = () => {
    const message = self.failPass;
    self.failPass = null;
    if (message) throw new Error(message);
  };
  const backend = new SimulatedBackend({
    clock,
    cost: COST,
    passesAhead,
    beforePass,
    ...(most ? { most } : {}),
  });
  const scheduler = new Scheduler({
    backend,
    clock,
    config: { ...DEFAULT_SERVING_CONFIG, policy: 'static', ...config },
    emit: (event) => events.push(event),
  });
  const self: World = { clock, scheduler, events, failPass: null };
  return self;
}

/** A request whose simulated answer has `length` tokens (its prompt's last token says so). */
const request = (id: number, length = 3, extra: Partial<ServingRequest> = {}): ServingRequest => ({
  id,
  prompt: [id % 1000, 5, length],
  maxNewTokens: 40,
  ignoreEos: false,
  sequences: 1,
  priority: 0,
  sampling: null,
  ...extra,
});

const ofType = <T extends ServingEvent['type']>(events: readonly ServingEvent[], type: T) =>
  events.filter((event): event is Extract<ServingEvent, { type: T }> => event.type === type);

const settlementOf = (events: readonly ServingEvent[], id: number): SettledEvent['settlement'] => {
  const settled = ofType(events, 'settled').filter((event) => event.id === id);
  expect(settled).toHaveLength(1);
  return (settled[0] as SettledEvent).settlement;
};

const tokensOf = (events: readonly ServingEvent[], id: number): number[] =>
  ofType(events, 'step').flatMap((step) => step.tokens.filter((_, i) => step.ids[i] === id));

const answer = (r: ServingRequest): number[] =>
  Array.from({ length: Math.min(r.prompt.at(-1) ?? 0, r.maxNewTokens) }, (_, i) =>
    simulatedToken(r.prompt, i),
  );

describe('a static batch', () => {
  it('leaves when it is full, without waiting', async () => {
    const w = world({ maxBatch: 2, maxWaitMs: 1000 });
    w.scheduler.submit(request(1));
    w.scheduler.submit(request(2));
    await w.clock.advance(0);
    expect(ofType(w.events, 'started').map(({ at, ids }) => ({ at, ids }))).toEqual([{ at: 0, ids: [1, 2] }]);
  });

  it('leaves when its oldest member has waited maxWaitMs', async () => {
    const w = world({ maxBatch: 8, maxWaitMs: 20 });
    w.scheduler.submit(request(1));
    await w.clock.advance(15);
    w.scheduler.submit(request(2));
    await w.clock.run();
    expect(ofType(w.events, 'started').map(({ at, ids }) => ({ at, ids }))).toEqual([
      { at: 20, ids: [1, 2] },
    ]);
  });

  it('counts the wait from the enqueue, not from when the backend became free', async () => {
    const w = world({ maxBatch: 8, maxWaitMs: 20 });
    w.scheduler.submit(request(1, 10));
    await w.clock.advance(21);
    w.scheduler.submit(request(2));
    await w.clock.run();
    const [first, second] = ofType(w.events, 'started');
    const firstEnd = ofType(w.events, 'settled').find(({ id }) => id === 1)?.at;
    expect(first?.at).toBe(20);
    expect(firstEnd).toBeGreaterThan(41);
    expect(second?.at).toBe(firstEnd);
  });

  it('runs early finishers on as padding, and says so in rows against useful', async () => {
    const w = world({ maxBatch: 2, maxWaitMs: 0 });
    w.scheduler.submit(request(1, 1));
    w.scheduler.submit(request(2, 4));
    await w.clock.run();
    const passes = ofType(w.events, 'step').map(({ phase, rows, useful }) => ({ phase, rows, useful }));
    expect(passes).toEqual([
      { phase: 'prefill', rows: 2, useful: 2 },
      { phase: 'decode', rows: 2, useful: 2 },
      { phase: 'decode', rows: 2, useful: 1 },
      { phase: 'decode', rows: 2, useful: 1 },
      { phase: 'decode', rows: 2, useful: 1 },
    ]);
  });
});

describe('continuous batching', () => {
  it('lets a request join at the next step and leave at its own end', async () => {
    const w = world({ policy: 'continuous', maxBatch: 2, maxWaitMs: 500 });
    w.scheduler.submit(request(1, 12));
    await w.clock.advance(20);
    w.scheduler.submit(request(2, 1));
    w.scheduler.submit(request(3, 1));
    await w.clock.run();
    const ended = ofType(w.events, 'settled').map(({ id }) => id);
    expect(ended).toEqual([2, 3, 1]);
    expect(ofType(w.events, 'started').map(({ ids }) => ids)).toEqual([[1], [2], [3]]);
    expect(ofType(w.events, 'step').every(({ rows, useful }) => rows === useful)).toBe(true);
  });

  it('never lets two prefills pass a running decode', async () => {
    const w = world({ policy: 'continuous', maxBatch: 8 });
    w.scheduler.submit(request(1, 30));
    for (let id = 2; id <= 7; id++) {
      await w.clock.advance(3);
      w.scheduler.submit(request(id, 5));
    }
    await w.clock.run();
    const phases = ofType(w.events, 'step').map(({ phase }) => phase);
    expect(phases.some((phase, i) => phase === 'prefill' && phases[i + 1] === 'prefill')).toBe(false);
  });
});

describe('a prefill budget', () => {
  /** A prompt of so many tokens. */
  const long = (id: number, tokens: number) =>
    request(id, 3, { prompt: [...Array.from({ length: tokens - 1 }, (_, i) => (id + i) % 1000), 3] });

  it('cuts a long prompt into chunks, between which others decode', async () => {
    const w = world({ policy: 'continuous', maxPrefillTokensPerStep: 16 });
    w.scheduler.submit(request(1, 30));
    await w.clock.advance(10);
    w.scheduler.submit(long(2, 40));
    await w.clock.run();
    const passes = ofType(w.events, 'step').map(({ phase, ids }) => `${phase} ${ids.join(' ')}`);
    const begin = passes.lastIndexOf('prefill 2') - 4;
    expect(passes.slice(begin, begin + 6)).toEqual([
      'prefill ',
      'decode 1',
      'prefill ',
      'decode 1',
      'prefill 2',
      'decode 1 2',
    ]);
    expect(tokensOf(w.events, 2)).toEqual(answer(long(2, 40)));
  });

  it('lets as many whole prompts go together as it holds', async () => {
    const w = world({ policy: 'continuous', maxPrefillTokensPerStep: 30 });
    for (const [id, tokens] of [10, 12, 9, 31, 20].entries()) w.scheduler.submit(long(id, tokens));
    await w.clock.run();
    const prefills = ofType(w.events, 'step').filter(({ phase }) => phase === 'prefill');
    expect(prefills.map(({ ids }) => ids)).toEqual([[0, 1], [2], [], [3], [4]]);
  });
});

describe('a cache that does not fit', () => {
  it('is refused before anything changes', () => {
    const w = world({}, 0, 8);
    expect(() => w.scheduler.configure({ maxBatch: 9 })).toThrow(/9 slots were asked for; 8 fit/);
    expect(w.scheduler.config.maxBatch).toBe(8);
    expect(w.scheduler.configure({ policy: 'sequential', maxBatch: 9 }).maxBatch).toBe(9);
    expect(() => w.scheduler.configure({ policy: 'continuous' })).toThrow(/9 slots/);
  });
});

describe('a lost device', () => {
  /** A world whose backends can be lost, one after the other; `renewable` of them come after the first. */
  function fragile(renewable: number, config: Partial<ServingConfig> = {}) {
    const clock = new VirtualClock(() => new Promise((resolve) => setImmediate(resolve)));
    const events: ServingEvent[] = [];
    const lose: ((reason: string) => void)[] = [];
    const backend = () => {
      const lost = new Promise<string>((resolve) => lose.push(resolve));
      return new SimulatedBackend({ clock, cost: COST, lost, passesAhead: 2 });
    };
    const scheduler = new Scheduler({
      backend: backend(),
      clock,
      config: { ...DEFAULT_SERVING_CONFIG, maxBatch: 2, ...config },
      emit: (event) => events.push(event),
      renew: async (warmingUp) => {
        if (lose.length > renewable) throw new Error('no adapter any more');
        await clock.sleep(50);
        warmingUp();
        return backend();
      },
    });
    return { clock, events, lose, scheduler };
  }

  it('fails those who ran, and the queue goes on with the next device', async () => {
    const w = fragile(1);
    for (let id = 1; id <= 5; id++) w.scheduler.submit(request(id));
    await w.clock.advance(6);
    w.lose[0]?.('The GPU fell off.');
    await w.clock.advance(1);
    w.scheduler.submit(request(6));
    await w.clock.run();
    const ends = [1, 2, 3, 4, 5, 6].map((id) => settlementOf(w.events, id));
    expect(ends.slice(0, 2)).toEqual([1, 2].map(() => ({ outcome: 'failed', message: 'The GPU fell off.' })));
    expect(ends.slice(2).map(({ outcome }) => outcome)).toEqual(new Array(4).fill('completed'));
    for (const id of [3, 4, 5, 6]) expect(tokensOf(w.events, id)).toEqual(answer(request(id)));
    const statuses = ofType(w.events, 'status').map(({ status }) => status);
    expect(statuses).toEqual(['running', 'lost', 'loading', 'warming-up', 'ready', 'running', 'ready']);
    expect(ofType(w.events, 'status').find(({ status }) => status === 'lost')?.reason).toBe(
      'The GPU fell off.',
    );
  });

  it('for good fails the queue too, and closes', async () => {
    const w = fragile(0);
    for (let id = 1; id <= 5; id++) w.scheduler.submit(request(id));
    await w.clock.advance(6);
    w.lose[0]?.('The GPU fell off.');
    await w.clock.run();
    expect(w.scheduler.status).toBe('closed');
    for (const id of [3, 4, 5]) {
      expect(settlementOf(w.events, id)).toEqual({ outcome: 'failed', message: 'no adapter any more' });
    }
    w.scheduler.submit(request(6));
    expect(settlementOf(w.events, 6).outcome).toBe('rejected');
    await w.scheduler.settled();
  });

  it('is not replaced for ever: one that does nothing before it is lost is the last', async () => {
    const w = fragile(9);
    w.scheduler.submit(request(1));
    await w.clock.advance(6);
    w.lose[0]?.('The GPU fell off.');
    await w.clock.advance(60);
    w.lose[1]?.('The GPU fell off again.');
    w.scheduler.submit(request(2));
    await w.clock.run();
    expect(settlementOf(w.events, 2)).toEqual({ outcome: 'failed', message: 'The GPU fell off again.' });
    expect(w.lose).toHaveLength(2);
  });

  it('while it drains is replaced as long as somebody waits', async () => {
    const w = fragile(1);
    for (let id = 1; id <= 5; id++) w.scheduler.submit(request(id));
    await w.clock.advance(6);
    const drained = w.scheduler.drain();
    w.lose[0]?.('The GPU fell off.');
    await w.clock.run();
    await drained;
    expect(w.scheduler.status).toBe('closed');
    expect([1, 2, 3, 4, 5].map((id) => settlementOf(w.events, id).outcome)).toEqual([
      'failed',
      'failed',
      'completed',
      'completed',
      'completed',
    ]);
  });
});

describe('passes ahead of the tokens', () => {
  it('cost an early end at most that many rows, and a known length none', async () => {
    for (const policy of POLICIES) {
      const w = world({ policy, maxBatch: 1, maxWaitMs: 0 }, 2);
      w.scheduler.submit(request(1, 30, { maxNewTokens: 6 }));
      w.scheduler.submit(request(2, 6));
      await w.clock.run();
      const steps = ofType(w.events, 'step');
      const wasted = (from: number, to: number) =>
        steps.slice(from, to).reduce((sum, { rows, useful }) => sum + rows - useful, 0);
      // Six passes for six tokens; then seven with the end of sequence, and two that were under way by then.
      expect([wasted(0, 6), wasted(6, steps.length), steps.length]).toEqual([0, 2, 15]);
      expect(tokensOf(w.events, 2)).toEqual(answer(request(2, 6)));
    }
  });
});

describe('limits', () => {
  it('accepts exactly maxQueue and rejects the next, naming the limit', () => {
    const w = world({ maxQueue: 3, maxWaitMs: 1000 });
    for (let id = 1; id <= 4; id++) w.scheduler.submit(request(id));
    expect(ofType(w.events, 'enqueued').map(({ queued }) => queued)).toEqual([1, 2, 3]);
    expect(settlementOf(w.events, 4)).toEqual({
      outcome: 'rejected',
      message: 'The queue is full (maxQueue 3).',
    });
  });

  it('rejects what can never fit, so that it holds up nobody', async () => {
    const w = world({ maxWaitMs: 0 });
    w.scheduler.submit(request(1, 3, { maxNewTokens: 126 }));
    w.scheduler.submit(request(2));
    await w.clock.run();
    expect(settlementOf(w.events, 1)).toMatchObject({ outcome: 'rejected', message: /context of 128/ });
    expect(settlementOf(w.events, 2).outcome).toBe('completed');
  });

  it('refuses a second request with the id of one under way', () => {
    const w = world();
    w.scheduler.submit(request(1));
    expect(() => w.scheduler.submit(request(1))).toThrow(/Request 1 is under way/);
  });

  it('refuses a bad parameter and keeps what it had', () => {
    const w = world();
    expect(() => w.scheduler.configure({ maxBatch: 0 })).toThrow(/maxBatch .*from 1 to 64; given: 0/);
    expect(w.scheduler.config.maxBatch).toBe(8);
  });
});

describe('ends', () => {
  it('stops at the end of sequence, or at the allowance', async () => {
    const w = world({ maxWaitMs: 0 });
    w.scheduler.submit(request(1, 3));
    w.scheduler.submit(request(2, 30, { maxNewTokens: 2 }));
    await w.clock.run();
    expect(settlementOf(w.events, 1)).toEqual({ outcome: 'completed', finishReason: 'stop' });
    expect(settlementOf(w.events, 2)).toEqual({ outcome: 'completed', finishReason: 'length' });
    expect(tokensOf(w.events, 1)).toHaveLength(3);
    expect(tokensOf(w.events, 2)).toHaveLength(2);
  });

  it('fails the members of a failed pass alone and goes on', async () => {
    const w = world({ maxBatch: 2, maxWaitMs: 0 });
    w.failPass = 'device hiccup';
    for (let id = 1; id <= 3; id++) w.scheduler.submit(request(id));
    await w.clock.run();
    expect([1, 2, 3].map((id) => settlementOf(w.events, id).outcome)).toEqual([
      'failed',
      'failed',
      'completed',
    ]);
  });

  it('drains: settles all that it has, takes no more, then is closed', async () => {
    const w = world({ maxWaitMs: 500 });
    w.scheduler.submit(request(1));
    const drained = w.scheduler.drain();
    w.scheduler.submit(request(2));
    await w.clock.run();
    await drained;
    expect(w.scheduler.status).toBe('closed');
    expect(settlementOf(w.events, 1).outcome).toBe('completed');
    expect(settlementOf(w.events, 2).outcome).toBe('rejected');
    await expect(w.scheduler.drain()).rejects.toThrow(/closed cannot become draining/);
  });
});

type Action =
  | {
      readonly do: 'submit';
      readonly padding: number;
      readonly length: number;
      readonly allowance: number;
      readonly forced: boolean;
    }
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'fail' }
  | { readonly do: 'configure'; readonly changes: Partial<ServingConfig> };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      padding: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
      length: fc.integer({ min: 0, max: 12 }),
      allowance: fc.integer({ min: 1, max: 14 }),
      forced: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'fail' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('configure' as const),
      changes: fc.record({
        policy: fc.constantFrom(...POLICIES),
        maxBatch: fc.integer({ min: 1, max: 5 }),
        maxWaitMs: fc.integer({ min: 0, max: 30 }),
        maxQueue: fc.integer({ min: 1, max: 6 }),
        maxPrefillTokensPerStep: fc.integer({ min: 16, max: 64 }),
      }),
    }),
  },
);

/** Performs a program and returns what was submitted and what was said. */
async function perform(program: readonly Action[], config: Partial<ServingConfig> = {}, passesAhead = 0) {
  const w = world(config, passesAhead);
  const submitted: ServingRequest[] = [];
  for (const step of program) {
    switch (step.do) {
      case 'submit': {
        const { padding, length, allowance, forced } = step;
        const id = submitted.length;
        const prompt = [id, ...new Array<number>(padding).fill(5), length];
        submitted.push(request(id, length, { prompt, maxNewTokens: allowance, ignoreEos: forced }));
        w.scheduler.submit(submitted.at(-1) as ServingRequest);
        break;
      }
      case 'cancel':
        w.scheduler.cancel(step.which);
        break;
      case 'pass':
        await w.clock.advance(step.ms);
        break;
      case 'fail':
        w.failPass = 'injected';
        break;
      case 'configure':
        w.scheduler.configure(step.changes);
        break;
    }
  }
  await w.clock.run();
  return { ...w, submitted };
}

describe('whatever happens', () => {
  const programs = fc.array(action, { maxLength: 40 });

  it('settles each submit exactly once, and keeps each answer to its own request', async () => {
    await fc.assert(
      fc.asyncProperty(programs, fc.nat(3), async (program, passesAhead) => {
        const { events, submitted } = await perform(program, {}, passesAhead);
        expect(ofType(events, 'settled')).toHaveLength(submitted.length);
        for (const r of submitted) {
          const { outcome } = settlementOf(events, r.id);
          const said = tokensOf(events, r.id);
          const forced = Array.from({ length: r.maxNewTokens }, (_, i) => simulatedToken(r.prompt, i));
          const whole = r.ignoreEos ? forced : answer(r);
          expect(said).toEqual(outcome === 'completed' ? whole : whole.slice(0, said.length));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keeps batches in bounds and in order of arrival', async () => {
    await fc.assert(
      fc.asyncProperty(programs, async (program) => {
        const { events } = await perform(program);
        let limit = DEFAULT_SERVING_CONFIG.maxBatch;
        let last = -1;
        for (const event of events) {
          if (event.type === 'configured') limit = event.config.maxBatch;
          if (event.type !== 'started') continue;
          expect(event.ids.length).toBeGreaterThan(0);
          expect(event.ids.length).toBeLessThanOrEqual(limit);
          expect([...event.ids].sort((a, b) => a - b)).toEqual(event.ids);
          expect(event.ids[0]).toBeGreaterThan(last);
          last = event.ids.at(-1) as number;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('static with maxBatch 1 and no wait is sequential in all but the name', async () => {
    const steady = programs.map((program) => program.filter((step) => step.do !== 'configure'));
    await fc.assert(
      fc.asyncProperty(steady, async (program) => {
        const one = await perform(program, { policy: 'static', maxBatch: 1, maxWaitMs: 0 });
        const other = await perform(program, { policy: 'sequential' });
        const told = (events: ServingEvent[]) => events.filter((event) => event.type !== 'configured');
        expect(told(one.events)).toEqual(told(other.events));
      }),
      { numRuns: 200 },
    );
  });
});
