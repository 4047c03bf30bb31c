import { describe, expect, it } from 'vitest';
import { gridExperiment } from './grid';

const grid = (content: unknown) => gridExperiment(content, 'my.json');

describe('a grid file', () => {
  it('makes every combination, then the single points, each over the base, and the baseline first', () => {
    const experiment = grid({
      name: 'Mine',
      seed: 7,
      repeats: 2,
      requests: 60,
      slo: { p95Ms: 200 },
      base: { policy: 'static', concurrency: 16, outputTokens: '2:48' },
      grid: { maxBatch: [1, 4], maxWaitMs: [0, 10] },
      points: [{ maxBatch: 32, timeoutMs: 500 }],
      baseline: { policy: 'sequential' },
    });
    expect(experiment).toMatchObject({ name: 'grid', title: 'Mine', seed: 7, repeats: 2 });
    expect(experiment.axes).toEqual(['maxBatch', 'maxWaitMs', 'timeoutMs']);
    expect(experiment.points.map(({ id }) => id)).toEqual([
      'baseline',
      'max-batch-1-max-wait-ms-0',
      'max-batch-1-max-wait-ms-10',
      'max-batch-4-max-wait-ms-0',
      'max-batch-4-max-wait-ms-10',
      'max-batch-32-timeout-ms-500',
    ]);
    expect(experiment.points.map(({ baseline }) => baseline)).toEqual([true, ...Array(5).fill(false)]);
    expect(experiment.points.at(-1)).toMatchObject({
      label: 'max batch 32, timeout 500 ms',
      serving: { policy: 'static', maxBatch: 32, timeoutMs: 500, maxWaitMs: 20 },
      load: { concurrency: 16, outputTokens: '2:48' },
      slo: { p95Ms: 200, ttftMs: null },
      requests: 60,
      durationS: null,
    });
  });

  it('needs nothing but a grid', () => {
    const { points, repeats } = grid({ grid: { policy: ['static', 'continuous'] } });
    expect(repeats).toBe(3);
    expect(points.map(({ id, requests }) => [id, requests])).toEqual([
      ['static', 500],
      ['continuous', 500],
    ]);
  });

  it('takes any parameter of the scheduler and of the load, by time as well', () => {
    const { points } = grid({
      durationS: 2.5,
      grid: { rate: [1, 2.5], abandonShare: [0.5] },
      base: { arrival: 'poisson' },
    });
    expect(
      points.map(({ load, requests, durationS }) => [load.rate, load.abandonShare, requests, durationS]),
    ).toEqual([
      [1, 0.5, null, 2.5],
      [2.5, 0.5, null, 2.5],
    ]);
  });

  it.each([
    [[], /^my\.json must be an object; given: \[\]\.$/],
    [null, /^my\.json must be an object; given: null\.$/],
    [{ grids: {} }, /^my\.json: there is no "grids"; there are name, .*grid, points, baseline\.$/],
    [{}, /from 1 to 500 points; they make 0\.$/],
    [
      { grid: { maxBatch: [1, 257] } },
      /^my\.json, grid\.maxBatch\[1\] must be a whole number from 1 to 256; given: 257\.$/,
    ],
    [{ grid: { maxBatch: ['8'] } }, /grid\.maxBatch\[0\] must be a whole number .*; given: "8"\.$/],
    [{ grid: { maxBatch: 8 } }, /grid\.maxBatch must be a list; given: 8\.$/],
    [{ grid: { maxBatch: [] } }, /grid\.maxBatch must have at least one value/],
    [{ grid: { maxBach: [8] } }, /there is no parameter "maxBach"; there are policy, maxBatch/],
    [
      { grid: { policy: ['clever'] } },
      /grid\.policy\[0\] must be one of sequential, static, continuous; given: "clever"\.$/,
    ],
    [{ grid: { seed: [1, 2] } }, /grid\.seed\[0\]: the seed is the experiment's own/],
    [{ base: { rate: Number.NaN }, grid: { maxBatch: [1] } }, /base\.rate must be a number from/],
    [{ points: [{ maxBatch: 2 }, 3] }, /points\[1\] must be an object; given: 3\.$/],
    [{ points: [{ maxBatch: 2 }, { maxBatch: 2 }] }, /the point "max batch 2" is there twice/],
    [{ grid: { maxBatch: [1] }, requests: 0 }, /^my\.json, requests must be a whole number from 1/],
    [
      { grid: { maxBatch: [1] }, requests: 5, durationS: 1 },
      /requests and durationS are both given, 5 and 1/,
    ],
    [
      { grid: { maxBatch: [1] }, repeats: 1.5 },
      /repeats must be a whole number from 1 to 100; given: 1\.5\.$/,
    ],
    [{ grid: { maxBatch: [1] }, seed: -1 }, /seed must be a whole number from 0/],
    [{ grid: { maxBatch: [1] }, slo: { p99Ms: 1 } }, /slo: there is no "p99Ms"; there are p95Ms, ttftMs\.$/],
    [{ grid: { maxBatch: [1] }, slo: { p95Ms: 0 } }, /slo\.p95Ms must be a number from 1/],
    [{ grid: { maxBatch: [1] }, name: '' }, /name must be a text that is not empty/],
    [
      {
        grid: {
          maxBatch: Array.from({ length: 60 }, (_, i) => i + 1),
          maxWaitMs: Array.from({ length: 10 }, (_, i) => i),
        },
      },
      /they make 600\.$/,
    ],
    [
      { base: { sequences: 4 }, grid: { maxBatch: [8, 2] } },
      /the point "max batch 2": sequences \(--sequences\) must be at most maxBatch/,
    ],
  ] as const)('says what is wrong with %j', (content, sentence) => {
    expect(() => grid(content)).toThrow(
      expect.objectContaining({ code: 'invalid-parameter', message: expect.stringMatching(sentence) }),
    );
  });
});
