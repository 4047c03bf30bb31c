import fc from 'fast-check';
import { expect, it } from 'vitest';
import { request } from '../../testing/scheduler/world';
import { RequestQueue, SortedList } from './queue';

/** The line of requests [priority, enqueued at], named by their index. */
function lineOf(agingMs: number, ...arrivals: readonly (readonly [number, number])[]) {
  const queue = new RequestQueue(agingMs);
  for (const [id, [priority, at]] of arrivals.entries()) queue.push(request(id, 3, { priority }), at);
  return { queue, line: () => [...queue].map(({ request }) => request.id) };
}

it('is FIFO within a priority class, the higher class first', () => {
  expect(lineOf(0, [0, 0], [1, 1], [0, 2], [1, 3]).line()).toEqual([1, 3, 0, 2]);
});

it('counts a priority class as agingMs of waiting', () => {
  expect(lineOf(100, [0, 0], [1, 99], [1, 100], [1, 101]).line()).toEqual([1, 0, 2, 3]);
  expect(lineOf(100, [-1, 0], [1, 150], [1, 250]).line()).toEqual([1, 0, 2]);
});

it('bounds overtaking: only requests that arrived within their classes of aging go ahead', () => {
  const late = Array.from({ length: 50 }, (_, i) => [1, i * 10] as const);
  const { line } = lineOf(100, [0, 0], ...late);
  expect(line().indexOf(0)).toBe(10);
});

it('is strict with agingMs 0: a stream of urgent requests keeps the others waiting', () => {
  const late = Array.from({ length: 50 }, (_, i) => [1, i * 10] as const);
  expect(
    lineOf(0, [0, 0], ...late)
      .line()
      .at(-1),
  ).toBe(0);
});

it('applies a new agingMs at once', () => {
  const { queue, line } = lineOf(0, [0, 0], [1, 50]);
  expect(line()).toEqual([1, 0]);
  queue.agingMs = 10;
  expect(line()).toEqual([0, 1]);
  expect(queue.remove(0)).toBe(true);
  expect(line()).toEqual([1]);
});

it('tells the request that has waited longest, whatever its priority', () => {
  const { queue } = lineOf(0, [0, 0], [1, 50], [2, 60]);
  expect(queue.oldest()?.request.id).toBe(0);
  expect([queue.remove(0), queue.remove(0), queue.length]).toEqual([true, false, 2]);
  expect(queue.oldest()?.request.id).toBe(1);
});

it('equals a sorted array after any additions and removals', () => {
  const joins = fc.nat(2000).map((number) => ({ do: 'add' as const, number }));
  const leaves = fc.nat(2000).map((index) => ({ do: 'remove' as const, index }));
  const changes = fc.array(fc.oneof({ weight: 3, arbitrary: joins }, { weight: 1, arbitrary: leaves }), {
    maxLength: 1500,
    size: 'max',
  });
  fc.assert(
    fc.property(changes, (steps) => {
      const list = new SortedList<number>((a, b) => a - b);
      let model: number[] = [];
      for (const step of steps) {
        if (step.do === 'add' && !model.includes(step.number)) {
          list.add(step.number);
          model.push(step.number);
        }
        if (step.do === 'remove' && model.length > 0) {
          const number = model[step.index % model.length] as number;
          list.remove(number);
          model = model.filter((other) => other !== number);
        }
      }
      model.sort((a, b) => a - b);
      expect([list.first, [...list]]).toEqual([model[0], model]);
      list.sort();
      expect([...list]).toEqual(model);
    }),
    { numRuns: 50 },
  );
});
