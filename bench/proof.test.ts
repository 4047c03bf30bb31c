import { describe, expect, test, vi } from 'vitest';
import { type ProofPart, type ProofResults, prove } from './proof';

/** Parts that take as long as they say on a clock of their own. */
function world(minutes: number, earlier: ProofResults = {}) {
  let now = 0;
  const ran: string[] = [];
  const budgets: number[] = [];
  const written: string[][] = [];
  let abandoned = 0;
  const part = (
    name: string,
    takesMs: number,
    outcome: () => Promise<unknown> = async () => name,
  ): ProofPart => ({
    name,
    share: 1,
    run: async (budgetMs) => {
      ran.push(name);
      budgets.push(Math.round(budgetMs));
      now += takesMs;
      return outcome();
    },
  });
  const run = (...parts: readonly ProofPart[]) =>
    prove(parts, {
      earlier,
      minutes,
      now: () => now,
      say: () => {},
      write: (results) => void written.push(Object.keys(results)),
      abandon: async () => {
        abandoned += 1;
      },
    });
  return { part, run, ran, budgets, written, abandoned: () => abandoned };
}

test('parts run in their order, share what time is left, and are written as each ends', async () => {
  const { part, run, ran, budgets, written } = world(1);
  const { results, left } = await run(part('a', 10_000), part('b', 40_000), part('c', 1_000));
  expect(ran).toEqual(['a', 'b', 'c']);
  expect(budgets).toEqual([20_000, 25_000, 10_000]);
  expect(written).toEqual([['a'], ['a', 'b'], ['a', 'b', 'c']]);
  expect(results.b).toEqual({ ok: 'b', seconds: 40 });
  expect(left).toEqual([]);
});

describe('one part does not cost the others', () => {
  test('when it fails', async () => {
    const { part, run, abandoned } = world(1);
    const { results } = await run(
      part('a', 1_000, async () => {
        throw new Error('The GPU device was lost.');
      }),
      part('b', 1_000),
    );
    expect(results).toEqual({
      a: { failed: 'The GPU device was lost.', seconds: 1 },
      b: { ok: 'b', seconds: 1 },
    });
    expect(abandoned()).toBe(1);
  });

  test('when it hangs', async () => {
    vi.useFakeTimers();
    const { part, run } = world(1);
    const running = run(
      part('a', 0, () => new Promise(() => {})),
      part('b', 1_000),
    );
    await vi.advanceTimersByTimeAsync(65_000);
    vi.useRealTimers();
    const { results } = await running;
    expect(results.a).toMatchObject({ failed: 'it did not end within 60000 ms' });
    expect(results.b).toMatchObject({ ok: 'b' });
  });
});

test('what there is no time for is named, and the same command goes on with it', async () => {
  const first = world(1);
  const { results, left } = await first.run(first.part('a', 58_000), first.part('b', 1), first.part('c', 1));
  expect(left).toEqual(['b', 'c']);
  const second = world(1, results);
  const { results: all } = await second.run(
    second.part('a', 1),
    second.part('b', 1_000),
    second.part('c', 1),
  );
  expect(second.ran).toEqual(['b', 'c']);
  expect(second.budgets[0]).toBe(30_000);
  expect(Object.keys(all)).toEqual(['a', 'b', 'c']);
});

test('what failed is tried again', async () => {
  const { part, run, ran } = world(1, { a: { failed: 'It did not end.', seconds: 9 } });
  await run(part('a', 1));
  expect(ran).toEqual(['a']);
});
