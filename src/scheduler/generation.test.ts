import { expect, it } from 'vitest';
import { request } from '../../testing/scheduler/world';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { SimulatedBackend } from '../simulator/simulated-backend';
import { Generation } from './generation';

it('fails its requests when the generator itself throws, and goes on with a new generator', () => {
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const backend = new SimulatedBackend({ clock, cost: { passMs: 0, prefillTokenMs: 0, decodeRowMs: 0 } });
  let broken = false;
  const generation = new Generation(backend, () => {
    if (broken) throw new Error('a bug');
    return { ...DEFAULT_SERVING_CONFIG, cancelCheckEvery: 2 };
  });
  generation.submit(request(1));
  const step = () => {
    generation.begin();
    return generation.commit({ tokens: [1] });
  };
  for (let i = 0; i < 2; i++) expect(step().pass).toMatchObject({ ids: [1] });
  broken = true;
  expect(step).toThrow('a bug');
  expect(generation.restart(new Error('a bug'))).toEqual([{ type: 'failed', id: 1, message: 'a bug' }]);
  broken = false;
  generation.running.clear();
  expect(generation.busy).toBe(false);
  generation.submit(request(2));
  expect(step().pass).toMatchObject({ ids: [2] });
});
