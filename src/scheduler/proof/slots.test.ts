import { describe } from 'vitest';
import { holds, invariant, same } from '../../../testing/scheduler/invariant';
import { follow } from '../../../testing/scheduler/ledger';
import { passesFor, request } from '../../../testing/scheduler/world';
import type { ServingRequest } from '../../core/request';

const continuous = { config: { policy: 'continuous' }, without: ['configure', 'lose'] } as const;
const unlimited = {
  ...continuous,
  config: { ...continuous.config, maxBatchTokens: 0, maxMicroBatches: 0 },
} as const;

describe('slots, whatever happens', () => {
  invariant(
    '11. used + free = maxBatch: no slot is used twice, and none beyond',
    continuous,
    (world, program) => {
      const { maxBatch } = program.config;
      for (const { slots } of world.of('pass')) {
        same(new Set(slots).size, slots.length);
        holds(Math.max(...slots) < maxBatch, () => `slots ${slots} of ${maxBatch}`);
      }
    },
  );

  invariant('11. no slot is held by a settled request', continuous, (world) => {
    follow(world, (entry, { ends }) => {
      if (entry.type !== 'pass') return;
      for (const { id } of entry.rows) holds(!ends.has(id), () => `${id} has settled, and is computed`);
    });
  });

  invariant(
    '11. no slot is free in a pass while the head of the line would fit it',
    unlimited,
    (world, program) => {
      follow(world, (entry, ledger) => {
        if (entry.type !== 'pass') return;
        const [head] = ledger.line();
        const free = program.config.maxBatch - ledger.sequences;
        holds(
          !head || head.request.sequences > free,
          () => `${head?.request.id} waits; ${free} slots are free`,
        );
      });
    },
  );

  const oneDevice = { without: ['lose'] } as const;
  invariant('11. all slots are free when idle', oneDevice, async (world) => {
    world.mishap = null;
    world.configure({ policy: 'continuous', maxBatch: 3, timeoutMs: 0, maxQueue: 8 });
    world.configure({ maxBatchTokens: 0, maxMicroBatches: 0 });
    world.submit(...[1000, 1001, 1002].map((id) => request(id, 9, { maxNewTokens: 9 })));
    await world.clock.run();
    const [prefill] = world.of('pass').filter(({ rows }) => rows.some(({ id }) => id === 1000));
    same(prefill?.slots, [0, 1, 2]);
  });

  const alone = { ...continuous, passesAhead: 0 } as const;
  invariant(
    'a prefill never has more tokens than its budget, and two never pass a decode',
    alone,
    (world, program) => {
      let last = '';
      const said = new Map<string, number>();
      follow(world, (entry, { running }) => {
        if (entry.type === 'step') {
          for (const [i, id] of entry.ids.entries()) {
            const key = `${id} ${entry.sequences[i]}`;
            said.set(key, (said.get(key) ?? 0) + 1);
          }
        }
        if (entry.type !== 'pass') return;
        const { maxPrefillTokensPerStep } = program.config;
        holds(entry.prefilled <= maxPrefillTokensPerStep, () => `${entry.prefilled} tokens at once`);
        const decoding = [...said].some(([key, tokens]) => {
          const [id = -1, sequence = 0] = key.split(' ').map(Number);
          return (
            running.has(id) && tokens < passesFor(world.submitted.get(id) as ServingRequest, sequence) - 1
          );
        });
        const stalls = decoding && entry.phase === 'prefill' && last === 'prefill';
        holds(!stalls, () => `a second prefill at ${entry.at}`);
        last = entry.phase;
      });
    },
  );
});
