import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedList } from './sorted-list';

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
