import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Draw, drawOf } from './draw';
import { drawToken } from './draw-token';
import { weightOf } from './weight';

const TWO_32 = 2 ** 32;
const OPEN = { temperature: 1, topK: 0, topP: 1, seed: 7 };

const row = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 200 })
  .map((logits) => Float32Array.from(logits));
const uniform = fc.integer({ min: 0, max: TWO_32 - 1 });
const greedy = (logits: Float32Array) => logits.indexOf(Math.max(...logits));

/** What is drawn at equally spaced random numbers: the distribution itself, to within one in `draws`. */
function shares(logits: Float32Array, sampling: Partial<typeof OPEN>, draws = 20_000): number[] {
  const draw = drawOf({ ...OPEN, ...sampling }, 0);
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < draws; i++) {
    const token = drawToken(logits, { ...draw, uniform: Math.floor(((i + 0.5) / draws) * TWO_32) });
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

/** The definition, as it is written at `Draw`. */
function bySorting(logits: Float32Array, { scale, topK, topP, uniform: bits }: Draw): number {
  const highest = Math.max(...logits);
  const weight = (id: number) => BigInt(weightOf(Math.fround(highest - (logits[id] ?? 0)), scale));
  const reach = (ids: readonly number[], share: (total: bigint) => bigint) => {
    const target = share(ids.reduce((sum, id) => sum + weight(id), 0n));
    let sum = 0n;
    return ids.findIndex((id) => {
      sum += weight(id);
      return sum >= target;
    });
  };
  let ids = [...logits.keys()].sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
  if (topK > 0) ids = ids.slice(0, topK);
  const least = (wanted: bigint) => (wanted > 1n ? wanted : 1n);
  if (topP > 0) ids = ids.slice(0, reach(ids, (total) => least((total * BigInt(topP)) >> 32n)) + 1);
  ids = ids.toSorted((a, b) => a - b);
  return ids[reach(ids, (total) => ((total * BigInt(bits)) >> 32n) + 1n)] ?? -1;
}

function softmax(logits: readonly number[], temperature = 1): number[] {
  const highest = Math.max(...logits);
  const weights = logits.map((logit) => Math.exp((logit - highest) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

const expectShares = (found: readonly number[], expected: readonly number[]) =>
  expected.forEach((share, token) => {
    expect(Math.abs((found[token] ?? 0) - share), `token ${token}`).toBeLessThan(2e-4);
  });

describe('weights', () => {
  test('are exponentials, to a ten millionth of the highest', () => {
    const { scale } = drawOf({ ...OPEN, temperature: 0.7 }, 0);
    for (let distance = 0; distance < 8; distance += 0.0371) {
      const single = Math.fround(distance);
      const exact = Math.exp(-single / 0.7);
      expect(Math.abs(weightOf(single, scale) / 2 ** 31 - exact)).toBeLessThan(1e-7);
    }
    expect(weightOf(0, scale)).toBe(2 ** 31);
    expect(weightOf(Number.POSITIVE_INFINITY, scale)).toBe(0);
    expect(weightOf(Number.NaN, scale)).toBe(0);
  });

  test('fall with the distance', () => {
    const { scale } = drawOf(OPEN, 0);
    for (let distance = 0, last = 2 ** 31; distance < 25; distance += 0.001) {
      const weight = weightOf(Math.fround(distance), scale);
      expect(weight).toBeLessThanOrEqual(last);
      last = weight;
    }
  });
});

describe('a draw', () => {
  const logits = Float32Array.of(1, 3, -2, 2.5, 0, 3);

  test('follows the softmax at its temperature', () => {
    for (const temperature of [0.3, 1, 5]) {
      expectShares(shares(logits, { temperature }), softmax([...logits], temperature));
    }
  });

  test('with top k is among the k likeliest; of equal ones, the lower token ids', () => {
    expectShares(shares(logits, { topK: 2 }), [0, 0.5, 0, 0, 0, 0.5]);
    expectShares(shares(logits, { topK: 1 }), [0, 1, 0, 0, 0, 0]);
    const three = softmax([3, 2.5, 3]);
    expectShares(shares(logits, { topK: 3 }), [0, three[0] ?? 0, 0, three[1] ?? 0, 0, three[2] ?? 0]);
    expectShares(shares(logits, { topK: 1000 }), softmax([...logits]));
  });

  test('with top p is among the fewest that reach p, after top k', () => {
    const even = new Float32Array(10);
    expectShares(shares(even, { topP: 0.5 }), [0.2, 0.2, 0.2, 0.2, 0.2, 0, 0, 0, 0, 0]);
    expectShares(shares(even, { topP: 0.51 }), [...new Array(6).fill(1 / 6), 0, 0, 0, 0]);
    expectShares(shares(even, { topP: 0.5, topK: 4 }), [0.5, 0.5, ...new Array(8).fill(0)]);
    expectShares(shares(even, { topP: 0.001 }), [1, ...new Array(9).fill(0)]);
  });

  test('is greedy for top k 1, a tiny top p, or a tiny temperature', () => {
    fc.assert(
      fc.property(row, uniform, (some, bits) => {
        const draw = (sampling: Partial<typeof OPEN>): Draw => ({
          ...drawOf({ ...OPEN, ...sampling }, 0),
          uniform: bits,
        });
        const token = greedy(some);
        expect(drawToken(some, draw({ topK: 1 }))).toBe(token);
        expect(drawToken(some, draw({ topP: 1e-9 }))).toBe(token);
        const apart = some.map((logit) => Math.round(logit * 4));
        const single = apart.map((logit, id) => (apart.indexOf(logit) === id ? logit : logit - 100));
        expect(drawToken(single, draw({ temperature: 1e-3 }))).toBe(greedy(single));
      }),
    );
  });

  test('is what the definition says, by sorting', () => {
    const sampling = fc.record({
      temperature: fc.double({ min: 0.05, max: 5, noNaN: true }),
      topK: fc.integer({ min: 0, max: 60 }),
      topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    const grain = fc.constantFrom(0, 0.5, 8);
    fc.assert(
      fc.property(row, grain, sampling, uniform, (smooth, step, asked, bits) => {
        const some = step ? smooth.map((logit) => Math.round(logit / step) * step) : smooth;
        const draw = { ...drawOf({ ...OPEN, ...asked }, 0), uniform: bits };
        expect(drawToken(some, draw)).toBe(bySorting(some, draw));
      }),
      { numRuns: 1000 },
    );
  });

  test('at the ends of the random numbers is the first and the last id that has weight', () => {
    const ends = (some: Float32Array) =>
      [0, TWO_32 - 1].map((bits) => drawToken(some, { ...drawOf(OPEN, 0), uniform: bits }));
    expect(ends(Float32Array.of(1, 2, 1.5))).toEqual([0, 2]);
    expect(ends(Float32Array.of(1, 1, 1))).toEqual([0, 2]);
    expect(ends(Float32Array.of(-100, 0, -100))).toEqual([1, 1]);
    expect(ends(Float32Array.of(-0, 0))).toEqual([0, 1]);
  });

  test('takes infinite logits and those that are no numbers as impossible', () => {
    const { NEGATIVE_INFINITY: never, NaN: nothing } = Number;
    expectShares(shares(Float32Array.of(never, 1, nothing, 1), {}), [0, 0.5, 0, 0.5]);
    expect(drawToken(Float32Array.of(nothing, nothing), drawOf(OPEN, 0))).toBe(0);
  });

  test('repeats for a seed and a position, and differs for others', () => {
    const wide = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i));
    const text = (seed: number) =>
      Array.from({ length: 40 }, (_, i) => drawToken(wide, drawOf({ ...OPEN, seed }, 3 + i)));
    expect(text(5)).toEqual(text(5));
    expect(text(5)).not.toEqual(text(6));
    expect(new Set(text(5)).size).toBeGreaterThan(25);
  });

  test('over many seeds is distributed as the softmax (chi-square)', () => {
    const counts = new Array<number>(logits.length).fill(0);
    const DRAWS = 20_000;
    for (let seed = 0; seed < DRAWS; seed++) {
      const token = drawToken(logits, drawOf({ ...OPEN, seed }, 11));
      counts[token] = (counts[token] ?? 0) + 1;
    }
    const chiSquare = softmax([...logits])
      .map((share, token) => ((counts[token] ?? 0) - share * DRAWS) ** 2 / (share * DRAWS))
      .reduce((sum, term) => sum + term, 0);
    // 5 degrees of freedom: 20.5 is exceeded once in a thousand.
    expect(chiSquare).toBeLessThan(20.5);
  });
});
