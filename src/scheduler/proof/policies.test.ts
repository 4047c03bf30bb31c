import fc from 'fast-check';
import { describe } from 'vitest';
import { holds, property, same } from '../../../testing/scheduler/invariant';
import { perform } from '../../../testing/scheduler/perform';
import { type Action, asked, programs, settings } from '../../../testing/scheduler/programs';
import type { World } from '../../../testing/scheduler/world';

const told = ({ log }: World) => log.filter(({ type }) => type !== 'configured');

describe('policies, whatever happens', () => {
  const steady = programs({ without: ['configure'] });
  property(
    '13. static with maxBatch 1 and no wait is sequential in all but the name',
    steady,
    async (program) => {
      const { config } = program;
      const one = await perform({
        ...program,
        config: { ...config, policy: 'static', maxBatch: 1, maxWaitMs: 0 },
      });
      const other = await perform({ ...program, config: { ...config, policy: 'sequential' } });
      same(told(one), told(other));
    },
  );

  const client = fc.record({ gap: fc.integer({ min: 0, max: 30 }), asked });
  const load = fc.array(client, { minLength: 1, maxLength: 10 });
  const way = fc.record({ config: settings, passesAhead: fc.nat(3) });
  const twoWays = fc.record({ load, ways: fc.tuple(way, way) });

  property(
    '15. the tokens of a request are the same under every policy and batch size',
    twoWays,
    async (input) => {
      const actions = input.load.flatMap(({ gap, asked }): Action[] => [
        { do: 'submit', ...asked },
        { do: 'pass', ms: gap },
      ]);
      const [one, other] = await Promise.all(
        input.ways.map(({ config, passesAhead }) => {
          const roomy = { ...config, timeoutMs: 0, maxQueue: 100, maxBatch: config.maxBatch + 3 };
          return perform({ config: roomy, passesAhead, renewals: 0, actions });
        }),
      );
      for (const { id, sequences, prompt } of one?.submitted.values() ?? []) {
        same(one?.endOf(id).outcome, other?.endOf(id).outcome);
        holds(prompt.length > 100 || one?.endOf(id).outcome === 'completed', () => `${id} has no answer`);
        for (let i = 0; i < sequences; i++) same(one?.tokensOf(id, i), other?.tokensOf(id, i));
      }
    },
  );
});
