import fc from 'fast-check';
import { describe } from 'vitest';
import { holds, invariant, property, same } from '../../../testing/scheduler/invariant';
import { follow, type Queued } from '../../../testing/scheduler/ledger';
import { perform } from '../../../testing/scheduler/perform';
import { type Action, settings } from '../../../testing/scheduler/programs';

describe('the queue, whatever happens', () => {
  invariant(
    '6. queued + free places = maxQueue; the next is rejected and changes nothing else',
    {},
    (world) => {
      follow(world, (entry, { config, queue, status }, index) => {
        if (entry.type === 'enqueued') {
          same(entry.queued, queue.size + 1);
          holds(
            entry.queued <= config.maxQueue,
            () => `${entry.queued} are queued; maxQueue ${config.maxQueue}`,
          );
        }
        if (entry.type === 'batched') same(entry.queued, queue.size - entry.ids.length);
        if (entry.type !== 'call' || entry.call !== 'submit') return;
        const next = world.log[index + 1];
        if (next?.type === 'enqueued') return;
        const settlement = next?.type === 'settled' && next.id === entry.id ? next.settlement : null;
        const message = settlement?.outcome === 'rejected' ? settlement.message : 'nothing';
        const full = queue.size >= config.maxQueue;
        const other = /do not fit/.test(message) || status === 'closed';
        holds(
          full || other,
          () => `${entry.id} finds ${queue.size} of ${config.maxQueue} queued: ${message}`,
        );
        holds(!/is full/.test(message) || full, () => message);
      });
    },
  );

  const classes = { without: ['configure'] } as const;
  invariant(
    '14. no starvation: a later request goes ahead by its priority, and by no more',
    classes,
    (world, program) => {
      const { agingMs } = program.config;
      const ahead = (one: Queued, other: Queued) => one.request.priority - other.request.priority;
      follow(world, (entry, ledger) => {
        if (entry.type !== 'batched' || agingMs === 0) return;
        const line = ledger.line();
        for (const id of entry.ids) {
          const leaves = ledger.enqueued.get(id) as Queued;
          for (const left of line.filter(({ request }) => !entry.ids.includes(request.id))) {
            const most = left.enqueuedAt + ahead(leaves, left) * agingMs;
            holds(leaves.enqueuedAt <= most + 1e-9, () => `${id} goes before ${left.request.id}`);
          }
        }
      });
    },
  );

  /** A crowd at once, then one at a time, each at the earliest when the worst one before could have been answered alone. */
  const WORST_MS = 50;
  const crowd = fc.integer({ min: 1, max: 8 });
  const gap = fc.integer({ min: 0, max: 30 });
  const client = fc.record({
    gap,
    priority: fc.integer({ min: -1, max: 2 }),
    length: fc.integer({ min: 0, max: 5 }),
  });
  const sustained = fc.record({
    crowd,
    clients: fc.array(client, { minLength: 10, maxLength: 20 }),
    config: settings,
    passesAhead: fc.nat(3),
  });

  property(
    '14. under a load that the backend can sustain, waiting time is bounded',
    sustained,
    async (input) => {
      const config = { ...input.config, timeoutMs: 0, maxQueue: 100, agingMs: input.config.agingMs + 1 };
      const submit = {
        do: 'submit',
        promptTokens: 8,
        allowance: 5,
        forced: false,
        sequences: 1,
        seed: null,
      } as const;
      const actions = input.clients.flatMap(({ gap, priority, length }, i): Action[] => [
        { do: 'pass', ms: i < input.crowd ? 0 : WORST_MS + gap },
        { ...submit, priority, length },
      ]);
      const world = await perform({ config, actions, renewals: 0, passesAhead: input.passesAhead });
      const bound = config.maxWaitMs + 3 * config.agingMs + (input.crowd + 2) * WORST_MS;
      follow(world, (entry, { enqueued }) => {
        if (entry.type !== 'started') return;
        for (const id of entry.ids) {
          const waited = entry.at - (enqueued.get(id)?.enqueuedAt ?? 0);
          holds(waited <= bound, () => `${id} waited ${waited} ms; at most ${bound}`);
        }
      });
      for (const id of world.submitted.keys()) same(world.endOf(id).outcome, 'completed');
    },
  );
});
