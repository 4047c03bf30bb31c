import { describe } from 'vitest';
import { holds, invariant, same } from '../../../testing/scheduler/invariant';
import { follow, type Ledger, longestBatch, microBatchesOf } from '../../../testing/scheduler/ledger';
import { CONTEXT } from '../../../testing/scheduler/world';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ServingConfig } from '../../core/serving-config';

/** The scheduler's own, ms. */
const TOLERANCE = 1e-3;

const requestsOf = ({ enqueued }: Ledger, ids: readonly RequestId[]) =>
  ids.flatMap((id) => enqueued.get(id)?.request ?? []);

const membersOf = ({ policy, maxBatch }: ServingConfig): number => (policy === 'sequential' ? 1 : maxBatch);

describe('batches, whatever happens', () => {
  invariant(
    '3. members ≤ maxBatch; padded tokens and micro-batches in bounds, or one member',
    {},
    (world) => {
      follow(world, (entry, ledger) => {
        if (entry.type !== 'batched' && entry.type !== 'started') return;
        const line = requestsOf(ledger, entry.ids);
        const { config } = ledger;
        const fits = longestBatch(line, config, membersOf(config));
        holds(fits === line.length, () => `${entry.type} ${entry.ids}: ${fits} fit`);
      });
    },
  );

  invariant('4. a batch is never empty, nor a pass', {}, (world) => {
    for (const { type, ids } of [...world.of('batched'), ...world.of('started')]) {
      holds(ids.length > 0, () => `a ${type} event without requests`);
    }
    for (const { rows } of world.of('pass')) holds(rows.length > 0, () => 'empty pass');
  });

  /** What the message has to name when the request can never fit; null if it can. */
  function limitFor(
    { prompt, maxNewTokens, sequences }: ServingRequest,
    config: ServingConfig,
  ): string | null {
    if (prompt.length + maxNewTokens > CONTEXT) return `context of ${CONTEXT}`;
    if (config.policy === 'continuous' && sequences > config.maxBatch) return `${config.maxBatch} slots`;
    return null;
  }

  invariant('4. what can never fit is rejected at submit with the limit in the message', {}, (world) => {
    follow(world, (entry, { config, status }, index) => {
      if (entry.type !== 'call' || entry.call !== 'submit' || status === 'closed') return;
      const limit = limitFor(world.submitted.get(entry.id) as ServingRequest, config);
      if (!limit) return;
      const next = world.log[index + 1];
      const end = next?.type === 'settled' && next.id === entry.id ? next.settlement : null;
      const message = end?.outcome === 'rejected' ? end.message : 'it is taken';
      holds(message.includes(limit), () => `${entry.id}: ${message}`);
    });
  });

  invariant('4. under continuous, no request waits that needs more slots than there are', {}, (world) => {
    follow(world, (entry, ledger) => {
      const { policy, maxBatch } = ledger.config;
      if (entry.type !== 'started' || policy !== 'continuous') return;
      for (const { id, sequences } of requestsOf(ledger, entry.ids)) {
        holds(sequences <= maxBatch, () => `${id} needs ${sequences} slots of ${maxBatch}`);
      }
    });
  });

  invariant('5. requests leave the queue from its head: none is overtaken', {}, (world) => {
    const sealed: RequestId[] = [];
    const started: RequestId[] = [];
    follow(world, (entry, ledger) => {
      if (entry.type === 'batched') {
        const line = ledger.line().map(({ request }) => request.id);
        same(entry.ids, line.slice(0, entry.ids.length));
        sealed.push(...entry.ids);
      }
      if (entry.type === 'started') started.push(...entry.ids);
    });
    const begun = new Set(started);
    same(
      started,
      sealed.filter((id) => begun.has(id)),
    );
  });

  invariant('5. FIFO within a priority class, also when aging and limits change', {}, (world) => {
    const last = new Map<number, RequestId>();
    for (const { ids } of world.of('started')) {
      for (const id of ids) {
        const priority = world.submitted.get(id)?.priority ?? 0;
        holds(id > (last.get(priority) ?? -1), () => `${id} starts after ${last.get(priority)}`);
        last.set(priority, id);
      }
    }
  });

  invariant('a batch takes all requests that fit, and tells whether another could join', {}, (world) => {
    follow(world, (entry, ledger, index) => {
      if (entry.type !== 'batched') return;
      const { config, sealed, status, running } = ledger;
      // Those who take the places of members that have gone are fewer, and its slots are those that are free.
      if (sealed.has(entry.batch) || world.log[index - 1]?.type === 'dropped') return;
      const line = ledger.line().map(({ request }) => request);
      const free =
        config.policy === 'continuous' ? config.maxBatch - ledger.sequences : Number.POSITIVE_INFINITY;
      const fits = longestBatch(line, config, membersOf(config), Math.max(0, free));
      // In continuous, a sequence that has ended may have freed a slot that the ledger does not know of.
      const known = config.policy !== 'continuous' || running.size === 0;
      holds(entry.ids.length === fits || !known, () => `${entry.ids} left; ${fits} fit`);
      const full = fits === membersOf(config) || fits < line.length;
      if (config.policy !== 'continuous') same(entry.closed, full);
      const waited = entry.at - Math.min(...ledger.queued().map(({ enqueuedAt }) => enqueuedAt));
      const may =
        config.policy !== 'static' || status === 'draining' || waited >= config.maxWaitMs - TOLERANCE;
      holds(full || may, () => `${entry.ids} left after ${waited} ms, with room`);
    });
  });

  invariant('the counters of a batch event are right', {}, (world) => {
    follow(world, (entry, ledger) => {
      if (entry.type !== 'batched') return;
      const { config, enqueued, sealed, status } = ledger;
      const queued = ledger.queued();
      const left = queued.filter(({ request }) => !entry.ids.includes(request.id));
      const passes = (id: RequestId) =>
        left.some(({ order }) => order < (enqueued.get(id)?.order ?? Number.NaN));
      same(entry.refill, sealed.has(entry.batch));
      same(entry.microBatches, microBatchesOf(requestsOf(ledger, entry.ids), config.microBatchSize));
      same(entry.overtook, entry.ids.filter(passes).length);
      const waits = config.policy === 'static' && status !== 'draining' ? config.maxWaitMs : 0;
      const over = Math.min(...queued.map(({ enqueuedAt }) => enqueuedAt)) + waits;
      same(entry.early, !entry.refill && over - entry.at > TOLERANCE);
    });
  });

  const steady = { without: ['configure', 'lose'] } as const;
  invariant('7. with a free backend no request waits for company longer than maxWaitMs', steady, (world) => {
    follow(world, (entry, ledger) => {
      const { config, passes, running } = ledger;
      const busyUntil = Math.max(0, ...passes.map(({ endedAt }) => endedAt));
      if (busyUntil > entry.at || running.size > 0) return;
      const wait = config.policy === 'static' ? config.maxWaitMs : 0;
      for (const { request, enqueuedAt } of ledger.waiting()) {
        const latest = Math.max(enqueuedAt + wait, busyUntil);
        holds(
          entry.at <= latest + TOLERANCE,
          () => `${request.id} waits at ${entry.at}, not only till ${latest}`,
        );
      }
    });
  });

  invariant(
    '8. sealed batches ≤ channelCapacity; with 0 none is formed while the runner is busy',
    {},
    (world) => {
      follow(world, (entry, ledger, index) => {
        const { config, running, sealed } = ledger;
        if (entry.type === 'started' && config.policy !== 'continuous') {
          holds(running.size === 0, () => `batch ${entry.batch} starts while ${[...running]} run`);
        }
        if (entry.type !== 'batched') return;
        const next = world.log.slice(index + 1).find(({ type }) => type !== 'status');
        const forRunner = next?.type === 'started' && next.batch === entry.batch;
        const capacity = config.policy === 'continuous' ? 0 : config.channelCapacity;
        holds(
          forRunner || sealed.size < capacity,
          () => `${sealed.size + 1} are sealed; capacity ${capacity}`,
        );
      });
    },
  );

  const punctual = { without: ['configure', 'lose', 'cancel'], passesAhead: 0 } as const;
  invariant('8. a free place in the channel is filled as soon as a batch is due', punctual, (world) => {
    follow(world, (entry, ledger) => {
      const { config, sealed } = ledger;
      if (entry.type !== 'step' || config.policy === 'continuous' || sealed.size >= config.channelCapacity)
        return;
      // Who was there before the pass began; what came while it ran may have come just now.
      const line = ledger.line().filter(({ enqueuedAt }) => enqueuedAt < entry.startedAt);
      if (line.length === 0 || line.length < ledger.queue.size) return;
      const fits = longestBatch(
        line.map(({ request }) => request),
        config,
        membersOf(config),
      );
      const closed = fits < line.length || fits === membersOf(config);
      const waited = entry.startedAt - Math.min(...line.map(({ enqueuedAt }) => enqueuedAt));
      // What falls due in the very moment of a step may be sealed right behind it.
      const due = closed || config.policy !== 'static' || waited - config.maxWaitMs > TOLERANCE;
      holds(!due, () => `${line.map(({ request }) => request.id)} wait, and a place is free`);
    });
  });

  invariant(
    'sealed members that are cancelled or expire are dropped and counted once, and no others',
    {},
    (world) => {
      const dropped = new Set<RequestId>();
      follow(world, (entry, { ends }) => {
        if (entry.type === 'started') {
          for (const id of entry.ids) holds(!ends.has(id), () => `${id} starts after it has ended`);
        }
        if (entry.type !== 'dropped') return;
        for (const id of entry.ids) {
          holds(ends.has(id) && !dropped.has(id), () => `${id} is dropped`);
          dropped.add(id);
        }
      });
      if (world.scheduler.status === 'closed') return;
      const started = new Set(world.of('started').flatMap(({ ids }) => ids));
      const batched = world.of('batched').flatMap(({ ids }) => ids);
      same(
        [...dropped].sort((a, b) => a - b),
        batched.filter((id) => !started.has(id)).sort((a, b) => a - b),
      );
    },
  );

  const crowded = {
    config: { policy: 'static', timeoutMs: 0, maxQueue: 12 },
    without: ['configure', 'lose'],
  } as const;
  invariant('queued requests take their places, unless another batch is sealed behind', crowded, (world) => {
    follow(world, (entry, ledger, index) => {
      if (entry.type !== 'dropped') return;
      const { config, sealed } = ledger;
      const left = (sealed.get(entry.batch) ?? []).filter((id) => !entry.ids.includes(id));
      const next = world.log.slice(index).find(({ type }) => type === 'started');
      if (left.length === 0 || next?.type !== 'started') return;
      const line = [...left, ...ledger.line().map(({ request }) => request.id)];
      const places = left.length + (sealed.size > 1 ? 0 : entry.ids.length);
      const all = line.slice(0, longestBatch(requestsOf(ledger, line), config, places));
      same([next.batch, next.ids, next.refilled], [entry.batch, all, all.length - left.length]);
    });
  });
});
