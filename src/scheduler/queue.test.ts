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

it('goes in order of arrival within a class, the higher class first', () => {
  expect(lineOf(0, [0, 0], [1, 1], [0, 2], [1, 3]).line()).toEqual([1, 3, 0, 2]);
});

it('lets a class of priority count for agingMs of waiting', () => {
  expect(lineOf(100, [0, 0], [1, 99], [1, 100], [1, 101]).line()).toEqual([1, 0, 2, 3]);
  expect(lineOf(100, [-1, 0], [1, 150], [1, 250]).line()).toEqual([1, 0, 2]);
});

it('never lets anyone overtake for good: only those go ahead who came within their classes of aging', () => {
  const late = Array.from({ length: 50 }, (_, i) => [1, i * 10] as const);
  const { line } = lineOf(100, [0, 0], ...late);
  expect(line().indexOf(0)).toBe(10);
});

it('with agingMs 0 the order is strict, and a stream of urgent ones keeps the rest waiting', () => {
  const late = Array.from({ length: 50 }, (_, i) => [1, i * 10] as const);
  expect(
    lineOf(0, [0, 0], ...late)
      .line()
      .at(-1),
  ).toBe(0);
});

it('goes by another aging as soon as it changes', () => {
  const { queue, line } = lineOf(0, [0, 0], [1, 50]);
  expect(line()).toEqual([1, 0]);
  queue.agingMs = 10;
  expect(line()).toEqual([0, 1]);
  expect(queue.remove(0)).toBe(true);
  expect(line()).toEqual([1]);
});

it('knows who has waited longest, whatever the line', () => {
  const { queue } = lineOf(0, [0, 0], [1, 50], [2, 60]);
  expect(queue.oldest()?.request.id).toBe(0);
  expect([queue.remove(0), queue.remove(0), queue.length]).toEqual([true, false, 2]);
  expect(queue.oldest()?.request.id).toBe(1);
});

it('is a sorted array, whoever joins and leaves', () => {
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
