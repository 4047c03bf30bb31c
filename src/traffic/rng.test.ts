import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRng } from './rng';

const draw = (rng: { uniform(): number }, n: number) => Array.from({ length: n }, () => rng.uniform());

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw(createRng(7), 5)).toEqual(draw(createRng(7), 5));
  expect(draw(createRng(7), 5)).not.toEqual(draw(createRng(8), 5));
});

test('a fork depends on seed and name, not on what was drawn before', () => {
  const fresh = createRng(1);
  const used = createRng(1);
  draw(used, 100);
  expect(draw(used.fork('arrivals'), 5)).toEqual(draw(fresh.fork('arrivals'), 5));
  expect(draw(fresh.fork('arrivals'), 5)).not.toEqual(draw(fresh.fork('prompts'), 5));
});

test('numbers lie in [0, 1)', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => draw(createRng(seed), 50).every((u) => u >= 0 && u < 1)),
    { numRuns: 50 },
  );
});

test('streams of neighbouring seeds and names look uniform and uncorrelated', () => {
  const n = 4000;
  for (const [a, b] of [
    [createRng(1), createRng(2)],
    [createRng(1).fork('arrivals'), createRng(1).fork('prompts')],
  ] as const) {
    const x = draw(a, n);
    const y = draw(b, n);
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / n;
    expect(mean(x)).toBeCloseTo(0.5, 1);
    const covariance = mean(x.map((v, i) => (v - 0.5) * ((y[i] ?? 0) - 0.5)));
    // The standard error of a covariance of two uniforms is (1/12) / √n.
    expect(Math.abs(covariance * 12 * Math.sqrt(n))).toBeLessThan(4);
  }
});

test('first numbers over seeds are spread too', () => {
  const firsts = Array.from({ length: 1000 }, (_, seed) => createRng(seed).uniform());
  const below = firsts.filter((u) => u < 0.25).length;
  expect(below).toBeGreaterThan(200);
  expect(below).toBeLessThan(300);
});
