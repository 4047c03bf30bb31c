import { describe, expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import type { Trace } from '../src/core/trace';
import { BENCH_OPTIONS, benchPlan } from './bench-options';
import { pageChoice } from './common-options';
import { parse } from './parse';
import { addressOf } from './session';
import { UsageError } from './usage-error';

const TRACE: Trace = {
  name: 't.csv',
  format: 'Vidur',
  unit: 's',
  unitReason: null,
  at: Float64Array.of(0, 1000, 2000, 3000),
  promptTokens: Uint32Array.of(5, 5, 5, 5),
  outputTokens: Uint32Array.of(2, 2, 2, 2),
  failed: 0,
  unsorted: 0,
};

const planned = (line: string, trace: Trace | null = null) =>
  benchPlan(parse(BENCH_OPTIONS, line.split(' ').filter(Boolean)), trace);

function read(line: string, trace: Trace | null = null) {
  const plan = planned(line, trace);
  if (plan.kind === 'bench') return plan.options;
  throw new Error(`"${line}" was read as a sweep.`);
}

function refusal(line: string, trace: Trace | null = null): string {
  try {
    planned(line, trace);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`"${line}" was accepted.`);
}

describe('bench', () => {
  test('without options measures the defaults: 500 requests, 3 repeats', () => {
    expect(read('')).toEqual({
      serving: DEFAULT_SERVING_CONFIG,
      load: DEFAULT_LOAD_CONFIG,
      slo: { p95Ms: null, ttftMs: null },
      requests: 500,
      durationS: null,
      repeats: 3,
    });
  });

  test('takes every parameter under its flag', () => {
    const asked = read(
      '--policy sequential --max-batch 4 --max-wait-ms 2.5 --max-queue 10 --max-prefill-tokens-per-step 64 --max-batch-tokens 900 --micro-batch-size 2 --max-micro-batches 5 --channel-capacity 0 --timeout-ms 800 --cancel-check-every 3 --aging-ms 250 --arrival poisson --concurrency 50 ' +
        '--think-time-ms 250 --rate 7 --burstiness 0.5 --ramp-from-rate 2 --ramp-s 12 --spike-factor 3 --spike-start-s 4 --spike-duration-s 6 --spike-every-s 20 --time-scale 0.5 --trace-from-s 10 --trace-to-s 90 --trace-unit s --output-tokens 16 --prompt-tokens 24 --temperature 0.7 --top-k 40 --top-p 0.95 --sequences 2 --urgent-share 0.1 --abandon-share 0.2 --abandon-after-ms 300 --seed 9 --requests 100 --repeats 1 --slo-p95-ms 500 --slo-ttft-ms=80',
    );
    expect(asked).toEqual({
      serving: {
        policy: 'sequential',
        maxBatch: 4,
        maxWaitMs: 2.5,
        maxQueue: 10,
        maxBatchTokens: 900,
        microBatchSize: 2,
        maxMicroBatches: 5,
        channelCapacity: 0,
        timeoutMs: 800,
        cancelCheckEvery: 3,
        agingMs: 250,
        maxPrefillTokensPerStep: 64,
      },
      load: {
        arrival: 'poisson',
        concurrency: 50,
        thinkTimeMs: 250,
        rate: 7,
        burstiness: 0.5,
        rampFromRate: 2,
        rampS: 12,
        spikeFactor: 3,
        spikeStartS: 4,
        spikeDurationS: 6,
        spikeEveryS: 20,
        timeScale: 0.5,
        traceFromS: 10,
        traceToS: 90,
        traceUnit: 's',
        outputTokens: 16,
        promptTokens: 24,
        temperature: 0.7,
        topK: 40,
        topP: 0.95,
        sequences: 2,
        urgentShare: 0.1,
        abandonShare: 0.2,
        abandonAfterMs: 300,
        seed: 9,
      },
      slo: { p95Ms: 500, ttftMs: 80 },
      requests: 100,
      durationS: null,
      repeats: 1,
    });
  });

  test('a duration takes the place of the number of requests', () => {
    expect(read('--duration-s 2.5')).toMatchObject({ requests: null, durationS: 2.5 });
  });

  test('a trace is played to its end, or as far as is asked', () => {
    expect(read('--trace t.csv', TRACE)).toMatchObject({ load: { arrival: 'trace' }, requests: 4 });
    expect(read('--trace t.csv --arrival trace --requests 3', TRACE)).toMatchObject({ requests: 3 });
    expect(read('--trace t.csv --trace-from-s 1 --trace-to-s 3', TRACE)).toMatchObject({ requests: 2 });
    expect(read('--trace t.csv --duration-s 5', TRACE)).toMatchObject({ requests: null, durationS: 5 });
  });

  test('a rate means Poisson arrivals, unless another open load is asked for', () => {
    expect(read('--rate 7').load).toMatchObject({ arrival: 'poisson', rate: 7 });
    expect(read('--rate 7 --arrival constant').load).toMatchObject({ arrival: 'constant', rate: 7 });
    expect(refusal('--rate 7 --arrival closed')).toContain(
      'rate (--rate) 7 has no effect on arrival (--arrival) closed',
    );
    expect(refusal('--rate 7 --trace t.csv', TRACE)).toContain(
      'rate (--rate) 7 has no effect on arrival (--arrival) trace',
    );
  });

  test('options with several values make a sweep over their combinations', () => {
    expect(
      planned('--rate 10,20,40 --policy static,continuous --max-batch 4 --seed 7 --slo-p95-ms 300'),
    ).toEqual({
      kind: 'sweep',
      grid: {
        name: 'Sweep over policy and rate',
        seed: 7,
        repeats: 3,
        requests: 500,
        slo: { p95Ms: 300 },
        base: { maxBatch: 4, arrival: 'poisson' },
        grid: { policy: ['static', 'continuous'], rate: [10, 20, 40] },
      },
    });
    expect(planned('--max-batch 1,2 --duration-s 5 --repeats 1')).toMatchObject({
      grid: { durationS: 5, repeats: 1, base: {}, grid: { maxBatch: [1, 2] } },
    });
    expect(planned('--max-batch 1,2 --trace t.csv', TRACE)).toMatchObject({
      grid: { requests: 4, base: { arrival: 'trace' } },
    });
  });

  test('a sweep that cannot be is refused with its option', () => {
    expect(refusal('--max-batch 1,257')).toContain(
      'maxBatch (--max-batch) must be a whole number from 1 to 256; given: 257',
    );
    expect(refusal('--max-batch 4,4')).toContain('--max-batch has the value 4 twice');
    expect(refusal('--rate 1,2 --arrival closed')).toContain('rate (--rate) 1 has no effect');
    expect(refusal('--seed 1,2')).toContain('--seed');
    expect(refusal('--max-batch 1,2 --sequences 2 --policy continuous')).toContain(
      'sequences (--sequences) must be at most',
    );
  });

  test('what does not go with a trace, or without one, is refused', () => {
    expect(refusal('--arrival trace')).toContain('--arrival trace needs --trace FILE');
    expect(refusal('--trace t.csv --arrival poisson', TRACE)).toContain('given: --arrival poisson');
    expect(refusal('--trace t.csv --output-tokens 8', TRACE)).toContain('brings its own lengths');
    expect(refusal('--trace t.csv --trace-from-s 9', TRACE)).toContain('leave no request of t.csv');
    expect(refusal('--trace t.csv --trace-from-s 3 --trace-to-s 2', TRACE)).toContain('more than traceFromS');
  });

  test.each([
    ['--max-batch 0', '--max-batch', 'a whole number from 1 to 256', '0'],
    ['--max-batch 2.5', '--max-batch', 'a whole number from 1 to 256', '2.5'],
    ['--max-batch many', '--max-batch', 'a whole number from 1 to 256', '"many"'],
    ['--max-wait-ms -1', '--max-wait-ms', 'a number from 0 to 10000', '-1'],
    ['--policy clever', '--policy', 'one of sequential, static', '"clever"'],
    ['--output-tokens none', '--output-tokens', 'eos, a whole number from 1', '"none"'],
    ['--output-tokens 48:2', '--output-tokens', 'a range MIN:MAX', '"48:2"'],
    ['--output-tokens 0:2', '--output-tokens', 'a range MIN:MAX', '"0:2"'],
    ['--output-tokens lognormal:20', '--output-tokens', 'lognormal:MEDIAN:SIGMA', '"lognormal:20"'],
    ['--output-tokens lognormal:0:1', '--output-tokens', 'lognormal:MEDIAN:SIGMA', '"lognormal:0:1"'],
    ['--output-tokens lognormal:20:4', '--output-tokens', 'a sigma from 0 to 3', '"lognormal:20:4"'],
    ['--temperature -1', '--temperature', 'a number from 0 to 5', '-1'],
    ['--top-k 0.5', '--top-k', 'a whole number from 0 to 1000', '0.5'],
    ['--max-batch-tokens 16 --output-tokens 16', '--max-batch-tokens', 'at least 17', '16'],
    ['--channel-capacity -1', '--channel-capacity', 'a whole number from 0 to 16', '-1'],
    ['--cancel-check-every 0', '--cancel-check-every', 'a whole number from 1', '0'],
    ['--timeout-ms soon', '--timeout-ms', 'a number from 0', '"soon"'],
    ['--sequences 9 --max-batch 8', '--sequences', 'at most maxBatch', '9'],
    [
      '--arrival sudden',
      '--arrival',
      'one of closed, constant, poisson, gamma, ramp, spike, trace',
      '"sudden"',
    ],
    ['--burstiness 0', '--burstiness', 'a number from 0.05 to 100', '0'],
    ['--ramp-s 0', '--ramp-s', 'a number from 0.1', '0'],
    ['--arrival spike --spike-every-s 5', '--spike-every-s', 'more than spikeDurationS', '5'],
    ['--abandon-share 2', '--abandon-share', 'a number from 0 to 1', '2'],
    ['--top-p 0', '--top-p', 'a number from 0.001 to 1', '0'],
    ['--seed 1.5', '--seed', 'a whole number from 0', '1.5'],
    ['--requests 0', '--requests', 'a whole number from 1', '0'],
    ['--duration-s Infinity', '--duration-s', 'a number from 0.1', '"Infinity"'],
    ['--requests 0x10', '--requests', 'a whole number from 1', '"0x10"'],
    ['--trace-unit minutes', '--trace-unit', 'one of auto, s, ms', '"minutes"'],
    ['--slo-p95-ms 0', '--slo-p95-ms', 'a number from 1', '0'],
    ['--backend cuda', '--backend', 'one of auto, webgpu, wasm', '"cuda"'],
  ])('%s is refused with what was given and what is allowed', (line, flag, allowed, given) => {
    const message = refusal(line);
    expect(message).toContain(flag);
    expect(message).toContain(allowed);
    expect(message).toContain(`given: ${given}`);
  });

  test('an option that there is not names those that were perhaps meant', () => {
    expect(refusal('--max-bach 8')).toContain('There is no option --max-bach; perhaps --max-batch');
    expect(refusal('--colour red')).toContain('--concurrency');
  });

  test.each([
    ['--max-batch', '--max-batch needs a value'],
    ['--out --json', '--out needs a value'],
    ['--json=yes', '--json takes no value'],
    ['8', '"8" stands alone'],
    ['--seed 1 --seed 2', '--seed is given twice'],
    ['--requests 5 --duration-s 5', 'one of the two is allowed'],
  ])('%s is refused', (line, sentence) => {
    expect(refusal(line)).toContain(sentence);
  });
});

test('a model by name is a directory of the page, by path it is left alone', () => {
  const model = (...args: string[]) => pageChoice(parse(BENCH_OPTIONS, args)).model;
  expect(model()).toBeNull();
  expect(model('--model', 'mini-gpt')).toBe('models/mini-gpt/');
  expect(model('--model', 'models/other/')).toBe('models/other/');
});

test('what is served is compared with the whole address of what was asked for', () => {
  const page = 'http://127.0.0.1:4000/';
  expect(addressOf('models/mini-gpt/', page)).toBe('http://127.0.0.1:4000/models/mini-gpt/');
  expect(addressOf('https://elsewhere.example/models/mini-gpt', page)).toBe(
    'https://elsewhere.example/models/mini-gpt/',
  );
  for (const name of ['hub:owner/mini-gpt', 'synthetic:gpt2-124m,dtype=q4']) {
    expect(addressOf(name, page)).toBe(name);
  }
});
