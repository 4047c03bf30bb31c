import { describe } from 'vitest';
import { holds, invariant, same } from '../../../testing/scheduler/invariant';
import { follow } from '../../../testing/scheduler/ledger';
import { perform } from '../../../testing/scheduler/perform';
import type { Action } from '../../../testing/scheduler/programs';
import type { PassEntry } from '../../../testing/scheduler/recorded-backend';
import { answerTo, passesFor, request, type World } from '../../../testing/scheduler/world';
import type { ServingEvent } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';

const eventsOf = ({ log }: World): ServingEvent[] =>
  log.filter((entry): entry is ServingEvent => entry.type !== 'call' && entry.type !== 'pass');

/** Whose tokens the pass was to bring. */
const awaited = ({ rows }: PassEntry, submitted: World['submitted']): Set<RequestId> =>
  new Set(
    rows
      .filter(({ id, sequence, asked }) => asked < passesFor(submitted.get(id) as ServingRequest, sequence))
      .map(({ id }) => id),
  );

/** A sleep ends at the time of its beginning plus its length, which may round otherwise than the deadline did. */
const ROUNDING_MS = 1e-9;

const isBroken = ({ end }: PassEntry): boolean =>
  end === 'failed' || end === 'miscounted' || end === 'thrown';

describe('requests, whatever happens', () => {
  invariant(
    '1. each submit settles exactly once; none is lost, none answered twice',
    { drains: true },
    (world) => {
      const STAGES = ['enqueued', 'batched', 'started', 'step', 'settled'];
      const stage = new Map<RequestId, number>();
      for (const entry of eventsOf(world)) {
        const ids = 'ids' in entry ? entry.ids : 'id' in entry ? [entry.id] : [];
        if (entry.type === 'dropped') continue;
        const next = STAGES.indexOf(entry.type);
        for (const id of ids) {
          const before = stage.get(id) ?? -1;
          const again = entry.type === 'step' && before === next;
          holds(next > before || again, () => `${id} is ${entry.type} after it was ${STAGES[before]}`);
          stage.set(id, next);
        }
      }
      for (const id of world.submitted.keys()) world.endOf(id);
    },
  );

  invariant(
    '2. the reply to a request consists of its own tokens, of all of them when it completes',
    {},
    (world) => {
      for (const asked of world.submitted.values()) {
        const { outcome } = world.endOf(asked.id);
        for (let sequence = 0; sequence < asked.sequences; sequence++) {
          const said = world.tokensOf(asked.id, sequence);
          const whole = answerTo(asked, sequence);
          same(said, outcome === 'completed' ? whole : whole.slice(0, said.length));
        }
      }
    },
  );

  invariant('2. a wrong number of results fails that batch loudly', { without: ['lose'] }, (world) => {
    for (const pass of world.of('pass').filter(({ end }) => end === 'miscounted')) {
      for (const id of awaited(pass, world.submitted)) {
        const end = world.endOf(id);
        if (end.at < pass.endedAt) continue;
        const message = end.outcome === 'failed' ? end.message : end.outcome;
        holds(/answered \d+ rows where \d+ were asked/.test(message), () => `${id}: ${message}`);
      }
    }
  });

  invariant('9. cancel ends a waiting request at once, a running one by the next check', {}, (world) => {
    const { log } = world;
    follow(world, (entry, ledger, index) => {
      if (entry.type !== 'call' || entry.call !== 'cancel') return;
      const { id } = entry;
      const next = log[index + 1];
      const ends = next?.type === 'settled' && next.id === id && next.settlement.outcome === 'cancelled';
      if (ledger.waiting().some(({ request }) => request.id === id)) holds(ends, () => `${id} waits on`);
      if (!ledger.running.has(id)) return;
      const end = log.findIndex((later, i) => i > index && later.type === 'settled' && later.id === id);
      const between = log.slice(index, end);
      const every = Math.max(
        ledger.config.cancelCheckEvery,
        ...between.map((later) => (later.type === 'configured' ? later.config.cancelCheckEvery : 1)),
      );
      const steps = between.filter(({ type }) => type === 'step').length;
      const decodes = between.filter((later) => later.type === 'step' && later.phase === 'decode').length;
      holds(decodes <= every && (every > 1 || steps <= 1), () => `${id} runs on for ${steps} steps`);
    });
  });

  invariant(
    '9. cancel is idempotent, and nothing to those whom it does not mean',
    {},
    async (world, program) => {
      const actions = program.actions.flatMap((action): Action[] =>
        action.do === 'cancel'
          ? [action, action, { ...action, back: -1 }, { ...action, back: 1000 }]
          : [action],
      );
      same(eventsOf(await perform({ ...program, actions })), eventsOf(world));
    },
  );

  const calm = { without: ['lose', 'mishap'] } as const;
  invariant("9. cancel changes no other request's tokens", calm, async (world, program) => {
    const actions = program.actions.filter((action) => action.do !== 'cancel');
    const other = await perform({ ...program, actions });
    for (const { id, sequences } of world.submitted.values()) {
      if (world.endOf(id).outcome !== 'completed' || other.endOf(id).outcome !== 'completed') continue;
      for (let sequence = 0; sequence < sequences; sequence++) {
        same(world.tokensOf(id, sequence), other.tokensOf(id, sequence));
      }
    }
  });

  const oneDevice = { without: ['lose'] } as const;
  invariant(
    '10. a backend failure fails those of that pass alone; the loop lives on',
    oneDevice,
    async (world) => {
      const hit = new Set<RequestId>();
      for (const pass of world.of('pass').filter(isBroken)) {
        for (const id of awaited(pass, world.submitted)) {
          const { at, outcome } = world.endOf(id);
          if (at < pass.endedAt || hit.has(id)) continue;
          // A call that throws is known when the passes before it have ended; till then others may end it.
          const known = pass.end !== 'thrown';
          if (known) holds(outcome === 'failed' && at === pass.endedAt, () => `${id} is ${outcome} at ${at}`);
          hit.add(id);
        }
      }
      for (const id of world.submitted.keys()) {
        holds(
          world.endOf(id).outcome !== 'failed' || hit.has(id),
          () => `${id} failed, though not in a pass that did`,
        );
      }
      world.mishap = null;
      world.configure({ timeoutMs: 0 });
      world.submit(request(1000));
      await world.clock.run();
      same(world.endOf(1000).outcome, 'completed');
      same(world.tokensOf(1000), answerTo(request(1000)));
    },
  );

  const withDrain = { drains: true, without: ['lose'] } as const;
  invariant('12. drain settles everything; after it a submit is rejected', withDrain, async (world) => {
    if (world.scheduler.status !== 'closed') {
      void world.drain();
      await world.clock.run();
    }
    same([world.drained, world.scheduler.status], [true, 'closed']);
    world.submit(request(1000));
    let draining = false;
    follow(world, (entry, { status }) => {
      draining ||= entry.type === 'call' && entry.call === 'drain';
      holds(!draining || entry.type !== 'enqueued', () => 'enqueued while it drains');
      const calm = ['call', 'configured', 'settled'].includes(entry.type);
      holds(status !== 'closed' || calm, () => `${entry.type} after it has closed`);
    });
    for (const id of world.submitted.keys()) world.endOf(id);
    const end = world.endOf(1000);
    holds(end.outcome === 'rejected' && /closed/.test(end.message), () => end.outcome);
  });

  invariant('no request starts after its deadline or runs past the next check', {}, (world) => {
    const deadlines = new Map<RequestId, number>();
    const always = world.of('configured').every(({ config }) => config.cancelCheckEvery === 1);
    const deadlineOf = (id: RequestId) => deadlines.get(id) ?? Number.POSITIVE_INFINITY;
    follow(world, (entry, { config }) => {
      switch (entry.type) {
        case 'enqueued':
          if (config.timeoutMs > 0) deadlines.set(entry.id, entry.at + config.timeoutMs);
          break;
        case 'started':
          for (const id of entry.ids) holds(entry.at < deadlineOf(id), () => `${id} starts too late`);
          break;
        case 'settled': {
          const expired = entry.settlement.outcome === 'expired';
          holds(!expired || entry.at >= deadlineOf(entry.id), () => `${entry.id} expires early`);
          break;
        }
        case 'step':
          if (!always) break;
          for (const id of entry.ids) holds(entry.startedAt < deadlineOf(id), () => `${id} runs on`);
      }
    });
    for (const [id, deadline] of deadlines) {
      const { at, outcome } = world.endOf(id);
      const started = world.of('started').some(({ ids }) => ids.includes(id));
      const inTime = at <= deadline + ROUNDING_MS;
      holds(started || inTime || outcome === 'failed', () => `${id} waits on after its deadline`);
    }
  });

  invariant('the same program has the same events', {}, async (world, program) => {
    same((await perform(program)).log, world.log);
  });
});
