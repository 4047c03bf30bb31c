import { expect, test } from 'vitest';
import { simulatedPage } from '../../testing/simulated-page';
import type { ExperimentRun, MeasuredRun, Measurement, Wishes } from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { changeServingConfig, DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { contradiction } from '../traffic/contradictions';
import type { Experiment } from './experiment';
import { beginRun } from './experiment';
import { sweepFiles } from './export';
import { figuresOf } from './figures';
import { batchSweepCsv } from './files';
import { conclusionsOf, PRESETS, presetOf } from './presets';
import { highestRateFor } from './presets/highest-rate';
import { smallPrint } from './provenance';
import { ExperimentRunner } from './runner';

/** Really run, in virtual time. */
const perform = (preset: string, wishes: Wishes = {}) => performed(presetOf(preset), wishes);

async function performed(
  experiment: Experiment,
  wishes: Wishes,
  distorted: (measured: Measurement, run: MeasuredRun) => Measurement = (measured) => measured,
): Promise<ExperimentRun> {
  const environment = {
    adapter: { kind: 'simulated', name: 'Simulation', software: false },
    model: { name: 'mini-gpt', sha256: 'abc' },
    revision: 'r1',
    browser: 'Node',
    libraries: { comlink: '4.4.2' },
    arguments: ['sweep', '--preset', experiment.name],
  } as const;
  const run = beginRun(experiment, environment, { id: 'run', now: '2026-01-02T00:00:00.000Z' }, wishes);
  const page = simulatedPage();
  const handles = {
    ...page,
    measure: async (...args: Parameters<typeof page.measure>) =>
      distorted(await page.measure(...args), args[0]),
    keep: async () => {},
    onProgress: () => {},
  };
  return new ExperimentRunner(experiment, run, handles).go();
}

test('every preset is possible, its points have names of their own, and a wrong name is answered with all', () => {
  expect(new Set(PRESETS.map(({ name }) => name)).size).toBe(PRESETS.length);
  for (const { points, axes, name } of PRESETS) {
    expect(new Set(points.map(({ id }) => id)).size, name).toBe(points.length);
    expect(axes.length, name).toBeGreaterThan(0);
    for (const { serving, load, requests, durationS } of points) {
      changeServingConfig(DEFAULT_SERVING_CONFIG, serving);
      changeLoadConfig(DEFAULT_LOAD_CONFIG, load);
      expect(contradiction(serving, load)).toBeNull();
      expect((requests === null) !== (durationS === null), name).toBe(true);
    }
  }
  expect(() => presetOf('lab-03')).toThrow(
    /--preset.*lab-02, lab-02-low-load,.*abandonment; given: "lab-03"\.$/,
  );
});

test('the lab’s sweep: its six settings and the baseline, the columns by the letter, and four checks', async () => {
  const run = await perform('lab-02', { requests: 200 });
  expect(run.status).toEqual({ kind: 'finished' });
  expect(run.units).toHaveLength(21);
  const [header, ...lines] = batchSweepCsv(run).trim().split('\n');
  expect(header).toBe(
    'policy,max_batch,max_wait_ms,repeats,requests,ok,rejected,expired,cancelled,failed,throughput_rps,throughput_tps,' +
      'p50_ms,p95_ms,p95_min_ms,p95_max_ms,p99_ms,ttft_p95_ms,mean_batch_fill,wasted_token_share,ended_early',
  );
  expect(lines.map((line) => line.split(',').slice(0, 6).join(','))).toEqual([
    'sequential,1,0,3,200,200',
    'static,1,0,3,200,200',
    'static,2,10,3,200,200',
    'static,4,10,3,200,200',
    'static,8,20,3,200,200',
    'static,16,20,3,200,200',
    'static,32,50,3,200,200',
  ]);
  for (const line of lines) {
    const [p50, p95, least, most, p99] = line.split(',').slice(12, 17).map(Number);
    const rising = [least, p95, most].map(Number);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(p50).toBeLessThanOrEqual(Number(p95));
    expect(p99).toBeGreaterThanOrEqual(Number(p95));
  }
  expect(lines.map((line) => line.split(',').at(-1))).toEqual(Array(7).fill('false'));
  const units = run.units.map((unit) =>
    unit.point === 'baseline' ? { ...unit, ended_early: 'Ended early.' } : unit,
  );
  const [, ended, whole] = batchSweepCsv({ ...run, units }).split('\n');
  expect([ended, whole].map((line) => line?.split(',').at(-1))).toEqual(['true', 'false']);
  const { checks, regime } = conclusionsOf(run);
  expect(checks.map(({ name, passed }) => [name, passed])).toEqual([
    ['throughput_gain', true],
    ['p95_worse', false],
    // A pass costs 2 ms and 0.25 ms a row: from 16 to 32 rows a second's tokens grow by 1.2.
    ['saturates', false],
    ['all_ok', true],
  ]);
  expect(regime).toMatch(
    /^Crowded: under a closed loop of 50 clients .* \(9\d %\) in its queue\..*lab-02-low-load/,
  );
  const [baseline, one] = figuresOf(run);
  expect(one?.summary.throughput_rps).toBeCloseTo(baseline?.summary.throughput_rps ?? 0, 6);
});

test('the lab’s verdicts are only over what was measured', async () => {
  const run = await perform('lab-02', { requests: 100, repeats: 1 });
  const without = (...points: string[]) => ({
    ...run,
    status: { kind: 'cancelled' as const },
    units: run.units.filter(({ point }) => !points.includes(point)),
  });
  const passed = (of: typeof run) => conclusionsOf(of).checks.map((check) => check.passed);
  expect(passed(run)).toEqual([true, false, false, true]);
  const partly = without('max-batch-16-max-wait-ms-20', 'max-batch-32-max-wait-ms-50');
  // One setting refutes a claim about all; none of the others is decided by a part.
  expect(passed(partly)).toEqual([null, false, null, null]);
  expect(conclusionsOf(partly).checks[0]?.says).toMatch(
    /Not measured to the end: max batch 16, max wait 20 ms; max batch 32, max wait 50 ms\.$/,
  );
  expect(smallPrint(partly)[2]).toMatch(/interrupted, 5 of 7$/);
  expect(conclusionsOf(without('baseline')).checks).toEqual([]);
});

test('the lab at low load: the rate is 30 % of what was measured, and there batching costs', async () => {
  const run = await perform('lab-02-low-load', { requests: 150, repeats: 2 });
  const [probe, baseline] = run.points;
  const capacity = run.units.find(({ point }) => point === 'capacity')?.summary.throughput_rps ?? 0;
  expect(probe?.probe).toBe(true);
  expect(baseline?.load).toMatchObject({ arrival: 'poisson', rate: expect.closeTo(0.3 * capacity, 1) });
  expect(run.points).toHaveLength(8);
  expect(figuresOf(run)).toHaveLength(7);
  const { checks, regime } = conclusionsOf(run);
  const [gain, worse] = checks;
  expect(gain).toMatchObject({ name: 'throughput_gain', passed: false });
  // A pass costs nearly the same for few rows, so small batches shorten what queue there is; 50 ms of waiting do not pay.
  expect(worse?.says).toContain('worse at 32 only');
  const [alone, ...settings] = figuresOf(run).map(({ summary }) => summary.latency_ms?.p50 ?? 0);
  for (const p50 of settings.slice(1)) expect(p50).toBeGreaterThan(alone ?? 0);
  expect(regime).toMatch(/^Quiet: under poisson arrivals/);
});

test('the rate sweep brackets the knee: the last rate that passes is close below the first that fails', async () => {
  const run = await perform('rate-sweep', { repeats: 1 });
  expect(run.status).toEqual({ kind: 'finished' });
  const figures = figuresOf(run).toSorted((a, b) => a.point.load.rate - b.point.load.rate);
  const passed = figures.map(
    ({ summary }) => (summary.latency_ms?.p95 ?? 0) <= 200 && summary.ok === summary.requests,
  );
  const knee = passed.indexOf(false);
  expect(knee).toBeGreaterThan(2);
  const [last, first] = [figures[knee - 1]?.point.load.rate ?? 0, figures[knee]?.point.load.rate ?? 0];
  expect(first / last).toBeLessThanOrEqual(1.05);
  const [passing, failing] = conclusionsOf(run).findings;
  expect(passing).toContain(`within 200 ms: ${last} requests a second`);
  expect(failing).toContain(`${first} requests a second`);
});

test('the highest rate: no other setting that was asked holds 10 % more, and the answer is a sentence with rate and setting', async () => {
  const run = await perform('highest-rate', { repeats: 1 });
  expect(run.status).toEqual({ kind: 'finished' });
  const { findings, answer } = conclusionsOf(run);
  if (!answer) throw new Error(findings.join(' '));
  const { rate } = answer.load;
  const holds = ({ summary }: ReturnType<typeof figuresOf>[number]) =>
    summary.ok === summary.requests && (summary.latency_ms?.p95 ?? 0) <= 300;
  const figures = figuresOf(run);
  const failing = figures.filter((each) => !holds(each)).map(({ point }) => point);
  expect(figures.filter(holds).map(({ point }) => point.load.rate)).toContain(rate);
  expect(Math.max(...figures.filter(holds).map(({ point }) => point.load.rate))).toBe(rate);
  // Each of the seven is the answer itself, or failed at a rate close above it.
  const probes = run.points.filter(({ probe }) => probe);
  expect(probes).toHaveLength(7);
  for (const { id, serving } of probes) {
    const failed = failing
      .filter(
        (point) => point.serving.policy === serving.policy && point.serving.maxBatch === serving.maxBatch,
      )
      .map((point) => point.load.rate);
    expect(Math.min(...failed), id).toBeLessThanOrEqual(rate * 1.11);
  }
  expect(findings[0]).toMatch(
    new RegExp(
      `^The highest rate with p95 within 300 ms on Simulation: ${rate} requests a second, with \\w+, max batch`,
    ),
  );
  expect(findings).toHaveLength(8);
  expect(findings.join(' ')).not.toMatch(/–|NaN|undefined/);
});

test('a noisy estimate of the capacity excludes no setting from the highest rate', async () => {
  const rateFound = async (factor: number) => {
    const run = await performed(
      presetOf('highest-rate'),
      { repeats: 1, requests: 100 },
      (measured, { load, serving }) =>
        load.arrival === 'closed' && serving.policy === 'continuous'
          ? {
              ...measured,
              summary: {
                ...measured.summary,
                throughput_rps: factor * (measured.summary.throughput_rps ?? 0),
              },
            }
          : measured,
    );
    return conclusionsOf(run).answer?.load.rate ?? 0;
  };
  const [truth, low, high] = [await rateFound(1), await rateFound(0.2), await rateFound(4)];
  expect(truth).toBeGreaterThan(0);
  // The search stops at rates 10 % apart, and another setting must be 10 % better.
  for (const found of [low, high]) expect(Math.abs(found / truth - 1)).toBeLessThan(0.22);
});

test('repeats on both sides of the objective are not clear: the answer is a rate that every repeat held', async () => {
  // One repeat of three is slow at every rate from 140 on, as on a machine that stalls.
  const run = await performed(presetOf('highest-rate'), { requests: 60 }, (measured, { load }) => {
    const { latency_ms } = measured.summary;
    const slow = load.arrival === 'poisson' && load.rate >= 140 && load.seed === 2;
    return slow && latency_ms
      ? { ...measured, summary: { ...measured.summary, latency_ms: { ...latency_ms, p95: 310 } } }
      : measured;
  });
  const { answer, findings } = conclusionsOf(run);
  expect(answer?.load.rate).toBeLessThan(140);
  expect(findings[0]).toMatch(/it is not clear \(p95 \d+, 310 and \d+ ms\)/);
  const { point } = figuresOf(run).find((figures) => figures.point === answer) ?? {};
  expect(point?.load.rate).toBe(answer?.load.rate);
});

test('the highest rate under an objective that nothing meets: it says so, and claims nothing', async () => {
  const slo = { p95Ms: 1, ttftMs: null };
  const run = await performed(highestRateFor({ serving: {}, load: {}, slo }), { repeats: 1, requests: 60 });
  expect(run.status).toEqual({ kind: 'finished' });
  expect(conclusionsOf(run)).toMatchObject({
    findings: expect.arrayContaining(['No rate was found that every repeat holds with p95 within 1 ms.']),
    answer: null,
  });
});

test.each(['static-vs-continuous', 'channel-spike', 'micro-batch-cap', 'abandonment'])(
  '%s: every point is measured, and it has a finding for what it compares',
  async (preset) => {
    const run = await perform(preset, { repeats: 1, requests: 60 });
    expect(run.status).toEqual({ kind: 'finished' });
    expect(figuresOf(run)).toHaveLength(run.points.length);
    const { findings } = conclusionsOf(run);
    expect(findings.length).toBeGreaterThanOrEqual(3);
    for (const finding of findings) expect(finding).toMatch(/\d/);
  },
);

test('the files: a line for each request, all that is needed to run it again, and the run itself', async () => {
  const run = await perform('abandonment', { repeats: 2, requests: 40, seed: 9 });
  const files = new Map(sweepFiles(run).map(({ name, content }) => [name, content]));
  expect([...files.keys()]).toEqual([
    'batch_sweep.csv',
    'requests.csv',
    'manifest.json',
    'checks.json',
    'run.json',
    'report.html',
  ]);
  const [header, ...lines] = (files.get('requests.csv') ?? '').trim().split('\n');
  expect(header).toBe(
    'setting,policy,max_batch,max_wait_ms,repeat,id,scheduled_ms,sent_ms,enqueued_ms,batched_ms,started_ms,first_token_ms,' +
      'last_token_ms,finished_ms,batch_size,prompt_tokens,output_tokens,sequences,tpot_ms,outcome',
  );
  expect(lines).toHaveLength(8 * 2 * 40);
  expect(new Set(lines.map((line) => line.split(',').at(-1)))).toEqual(new Set(['completed', 'cancelled']));
  // What the points differ in beyond the lab's columns has one of its own.
  expect(files.get('batch_sweep.csv')?.split('\n')[0]).toMatch(/ended_early,abandonShare$/);
  expect(JSON.parse(files.get('run.json') ?? '')).toEqual(JSON.parse(JSON.stringify(run)));
  expect(JSON.parse(files.get('manifest.json') ?? '')).toMatchObject({
    experiment: 'abandonment',
    seed: 9,
    repeats: 2,
    adapter: { kind: 'simulated' },
    model: { sha256: 'abc' },
    libraries: { comlink: '4.4.2' },
    arguments: ['sweep', '--preset', 'abandonment'],
    points: JSON.parse(JSON.stringify(run.points)),
  });
  expect(JSON.parse(files.get('checks.json') ?? '')).toMatchObject({
    checks: [],
    regime: null,
    ended_early: [],
  });
});
