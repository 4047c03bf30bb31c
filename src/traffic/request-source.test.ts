import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import { RequestSource } from './request-source';
import { createRng } from './rng';

const workload = { prompts: [[1, 2, 3, 4]], contextLength: 4096 };
const logNormal = { ...DEFAULT_LOAD_CONFIG, outputTokens: 'lognormal:40:0.8' as const };

test('log-normal lengths have the median and the sigma that were asked for', () => {
  const source = new RequestSource(workload, createRng(1));
  const lengths = Array.from({ length: 4000 }, (_, id) => source.next(id, logNormal).maxNewTokens);
  const logs = lengths.map(Math.log).toSorted((a, b) => a - b);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const sigma = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
  // The standard errors are 0.013 and 0.009.
  expect(Math.exp(logs[2000] ?? 0)).toBeGreaterThan(37);
  expect(Math.exp(logs[2000] ?? 0)).toBeLessThan(43);
  expect(sigma).toBeGreaterThan(0.76);
  expect(sigma).toBeLessThan(0.84);
  expect(lengths.every((length) => Number.isInteger(length) && length >= 1)).toBe(true);
  expect(source.clipped).toBe(0);
});

test('they are cut to the context, counted, forced, and the n-th whatever was asked for before', () => {
  const small = { ...workload, contextLength: 64 };
  const source = new RequestSource(small, createRng(1));
  const requests = Array.from({ length: 1000 }, (_, id) => source.next(id, logNormal));
  const cut = requests.filter(({ maxNewTokens }) => maxNewTokens === 60);
  expect(requests.every(({ maxNewTokens, ignoreEos }) => maxNewTokens <= 60 && ignoreEos)).toBe(true);
  // Φ(ln(60 / 40) / 0.8) = 0.69 of them fit.
  expect(source.clipped).toBeGreaterThan(250);
  expect(source.clipped).toBeLessThanOrEqual(cut.length);
  const other = new RequestSource(small, createRng(1));
  other.next(0, DEFAULT_LOAD_CONFIG);
  expect(other.next(1, logNormal)).toEqual(requests[1]);
});

test('a sigma of 0 is a fixed length', () => {
  const source = new RequestSource(workload, createRng(1));
  const fixed = { ...DEFAULT_LOAD_CONFIG, outputTokens: 'lognormal:17:0' as const };
  expect(Array.from({ length: 9 }, (_, id) => source.next(id, fixed).maxNewTokens)).toEqual(
    Array(9).fill(17),
  );
});

test('a trace’s lengths are exact: prompts of so many tokens of the phrasebook, answers forced', () => {
  const prompts = [[1, 2, 3], [4, 5], [6]];
  const source = new RequestSource({ prompts, contextLength: 64 }, createRng(1));
  const around = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4].join();
  for (let id = 0; id < 50; id++) {
    const request = source.next(id, DEFAULT_LOAD_CONFIG, { promptTokens: 1 + (id % 10), outputTokens: 7 });
    expect(request).toMatchObject({ maxNewTokens: 7, ignoreEos: true });
    expect(request.prompt).toHaveLength(1 + (id % 10));
    expect(around).toContain(request.prompt.join());
  }
  expect(source.clipped).toBe(0);
});

test('a trace’s lengths that do not fit are cut and counted, and shift no other draw', () => {
  const source = new RequestSource(workload, createRng(1));
  const other = new RequestSource(workload, createRng(1));
  const long = source.next(0, logNormal, { promptTokens: 10_000, outputTokens: 90 });
  expect(long.prompt).toHaveLength(4096 - 90);
  expect(long.maxNewTokens).toBe(90);
  expect(source.clipped).toBe(1);
  other.next(0, logNormal);
  expect(source.next(1, logNormal)).toEqual(other.next(1, logNormal));
});

test('prompts of a wanted length are put together from the data set, and each is as long as was drawn', () => {
  const workload = { prompts: [[1, 2, 3], [4], [5, 6]], contextLength: 40 };
  const lengthsOf = (promptTokens: LoadConfig['promptTokens'], count = 200) => {
    const source = new RequestSource(workload, createRng(3));
    const config = { ...DEFAULT_LOAD_CONFIG, promptTokens };
    return Array.from({ length: count }, (_, id) => source.next(id, config).prompt.length);
  };
  expect(new Set(lengthsOf(7))).toEqual(new Set([7]));
  expect(new Set(lengthsOf('2:4'))).toEqual(new Set([2, 3, 4]));
  const drawn = lengthsOf('lognormal:10:0.5');
  expect(Math.max(...drawn)).toBeLessThan(40);
  expect(drawn.toSorted((a, b) => a - b)[100]).toBeCloseTo(10, -1);
  expect(new Set(lengthsOf('dataset'))).toEqual(new Set([3, 1, 2]));
});

test('how long prompts are shifts nothing else that is drawn', () => {
  const workload = { prompts: [[1, 2, 3], [4], [5, 6]], contextLength: 40 };
  const drawnWith = (promptTokens: LoadConfig['promptTokens']) => {
    const source = new RequestSource(workload, createRng(3));
    const config = { ...DEFAULT_LOAD_CONFIG, outputTokens: '2:9' as const, temperature: 1, promptTokens };
    return Array.from({ length: 50 }, (_, id) => {
      const { maxNewTokens, sampling } = source.next(id, config);
      return [maxNewTokens, sampling?.seed];
    });
  };
  expect(drawnWith(5)).toEqual(drawnWith('dataset'));
});
