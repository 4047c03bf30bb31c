import { describe, expect, test } from 'vitest';
import type { ServingEvent } from '../core/events';
import type { RunSummary, Slo } from '../core/figures';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../core/load-config';
import type { RequestId } from '../core/request';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../core/serving-config';
import { percentilesOf } from '../metrics/percentiles';
import { RunRecorder } from '../metrics/run-recorder';
import { Scheduler } from '../scheduler/scheduler';
import { SimulatedBackend } from '../simulator/simulated-backend';
import { VirtualClock } from '../simulator/virtual-clock';
import { LoadGenerator } from '../traffic/load-generator';
import { RequestSource } from '../traffic/request-source';
import { createRng } from '../traffic/rng';
import { requestsCsv } from './files';

const CONTEXT = 64;
const SLO: Slo = { p95Ms: 150, ttftMs: 60 };
const workload = {
  contextLength: CONTEXT,
  prompts: Array.from({ length: 24 }, (_, i) => Array.from({ length: 3 + (i % 9) }, (_, j) => 1 + i + j)),
};

interface Plan {
  readonly serving?: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
  readonly requests?: number;
  /** When everything under way is given up, ms. */
  readonly endsAt?: number;
}

/** A run in virtual time: its summary, its requests.csv, and the events that the server sent. */
async function measured({ serving, load, requests = 200, endsAt }: Plan) {
  const clock = new VirtualClock(() => new Promise(setImmediate));
  const config = { ...DEFAULT_SERVING_CONFIG, policy: 'continuous' as const, ...serving };
  const traffic = { ...DEFAULT_LOAD_CONFIG, outputTokens: '2:9' as const, ...load };
  const recorder = new RunRecorder();
  const events: ServingEvent[] = [];
  const source = new RequestSource(workload, createRng(traffic.seed));
  const under = new Set<RequestId>();
  let ids = 0;
  const scheduler = new Scheduler({
    clock,
    config,
    backend: new SimulatedBackend({
      clock,
      contextLength: CONTEXT,
      cost: { passMs: 4, prefillTokenMs: 0.1, decodeRowMs: 0.4 },
    }),
    emit: (event) => {
      events.push(event);
      recorder.fold(event);
      if (event.type === 'settled') generator.settled(event.id, event.settlement.outcome, event.at);
    },
  });
  const generator: LoadGenerator = new LoadGenerator({
    clock,
    config: traffic,
    rng: createRng(traffic.seed),
    limit: { requests },
    next: () => source.next(++ids, traffic),
    send: ({ request, scheduled, sent }) => {
      const { id, prompt, sequences } = request;
      recorder.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
      under.add(id);
      scheduler.submit(request);
    },
    abandon: (id) => scheduler.cancel(id),
  });
  if (endsAt !== undefined) {
    await clock.advance(endsAt);
    generator.stop();
    for (const id of under) scheduler.cancel(id);
  }
  await clock.run();
  await generator.done;
  const summary = recorder.summary(SLO, generator.meanGapMs);
  const csv = requestsCsv({
    summary: { config: { ...config, ...traffic } },
    records: [recorder.records()],
  });
  return { summary, csv, events, rate: traffic.arrival === 'closed' ? null : traffic.rate };
}

/** The lines by column; times and counts as numbers, NaN where a cell is empty. */
function rowsOf(csv: string): readonly Readonly<Record<string, number>>[] {
  const [header = '', ...lines] = csv.trim().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const outcome = cells[names.indexOf('outcome')];
    const numbers = names.map((name, i) => [name, cells[i] === '' ? Number.NaN : Number(cells[i])] as const);
    return { ...Object.fromEntries(numbers), ok: Number(outcome === 'completed'), [String(outcome)]: 1 };
  });
}

type Row = Readonly<Record<string, number>>;

const known = (values: readonly number[]) => percentilesOf(values.filter((value) => !Number.isNaN(value)));
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const difference = (end: string, begin: string) => (row: Row) => (row[end] ?? 0) - (row[begin] ?? 0);

/** Of one sequence the stamps say it, of several the file. */
function tpotOf(row: Row): number {
  const { output_tokens = 0, sequences, tpot_ms = Number.NaN } = row;
  if (sequences !== 1) return tpot_ms;
  return output_tokens > 1
    ? difference('last_token_ms', 'first_token_ms')(row) / (output_tokens - 1)
    : Number.NaN;
}

/** docs/measurement.md's formulas over the lines of requests.csv. */
function fromCsv(csv: string, rate: number | null): Partial<RunSummary> {
  const rows = rowsOf(csv);
  const completed = rows.filter(({ ok }) => ok === 1);
  const of = (figure: (row: Row) => number) => known(completed.map(figure));
  const count = (outcome: string) => rows.filter((row) => row[outcome] === 1).length;
  const sum = (name: string) => completed.reduce((total, row) => total + (row[name] ?? 0), 0);
  const latency = difference('finished_ms', 'scheduled_ms');
  const ttft = difference('first_token_ms', 'scheduled_ms');
  const first = Math.min(...rows.map((row) => row[rate === null ? 'sent_ms' : 'scheduled_ms'] ?? 0));
  const last = Math.max(
    ...rows.map(({ finished_ms = 0 }) => finished_ms),
    ...(rate === null ? [] : rows.map(({ scheduled_ms = 0 }) => scheduled_ms + 1000 / rate)),
  );
  const perSecond = (value: number) => (value * 1000) / (last - first);
  const good = completed.filter(
    (row) => latency(row) <= Number(SLO.p95Ms) && ttft(row) <= Number(SLO.ttftMs),
  ).length;
  const lags = rows.map(difference('sent_ms', 'scheduled_ms'));
  return {
    requests: rows.length,
    ok: completed.length,
    rejected: count('rejected'),
    expired: count('expired'),
    cancelled: count('cancelled'),
    failed: count('failed'),
    throughput_rps: perSecond(completed.length),
    throughput_tps: perSecond(sum('output_tokens')),
    goodput_rps: perSecond(good),
    slo_attainment: good / rows.length,
    latency_ms: of(latency),
    ttft_ms: of(ttft),
    tpot_ms: of(tpotOf),
    queue_ms: of(difference('started_ms', 'enqueued_ms')),
    send_lag_ms: known(lags)?.p50 ?? null,
    send_lag_share:
      total(completed.map(difference('sent_ms', 'scheduled_ms'))) / total(completed.map(latency)),
  };
}

/** What the stamps do not hold, from the events: gaps between tokens, batches and decode rows. */
function fromEvents(events: readonly ServingEvent[]): Partial<RunSummary> {
  const completed = new Set<RequestId>();
  for (const event of events) {
    if (event.type === 'settled' && event.settlement.outcome === 'completed') completed.add(event.id);
  }
  const lastToken = new Map<string, number>();
  const running = new Set<RequestId>();
  const [gaps, fills]: [number[], number[]] = [[], []];
  let [rows, useful, dropped] = [0, 0, 0];
  for (const event of events) {
    if (event.type === 'started') {
      for (const id of event.ids) running.add(id);
      fills.push(running.size);
    } else if (event.type === 'settled') running.delete(event.id);
    else if (event.type === 'dropped') dropped += event.ids.length;
    else if (event.type === 'step') {
      if (event.phase === 'decode') {
        rows += event.rows;
        useful += event.useful;
      }
      event.ids.forEach((id, i) => {
        const sequence = `${id}/${event.sequences[i]}`;
        const before = lastToken.get(sequence);
        if (completed.has(id) && before !== undefined) gaps.push(event.at - before);
        lastToken.set(sequence, event.at);
      });
    }
  }
  return {
    itl_ms: percentilesOf(gaps),
    mean_batch_fill: fills.reduce((total, fill) => total + fill, 0) / fills.length,
    wasted_token_share: 1 - useful / rows,
    stale_dropped: dropped,
  };
}

/** To the precision of the file, a thousandth of a ms. */
function close(one: unknown, other: unknown, path: string): void {
  if (typeof one === 'object' && one !== null) {
    for (const [name, value] of Object.entries(one))
      close(value, Reflect.get(Object(other), name), `${path}.${name}`);
  } else if (typeof one === 'number') {
    expect(other, path).toBeTypeOf('number');
    expect(Math.abs(Number(other) - one), path).toBeLessThanOrEqual(0.003 + 1e-5 * Math.abs(one));
  } else expect(other, path).toBe(one);
}

const PLANS: Readonly<Record<string, Plan>> = {
  'a closed loop': { load: { concurrency: 12 }, serving: { maxBatch: 4 } },
  'a closed loop of several sequences': {
    load: { concurrency: 6, sequences: 2, outputTokens: 'eos', temperature: 1 },
    serving: { maxBatch: 8 },
  },
  'a static batch': { load: { concurrency: 12 }, serving: { policy: 'static', maxBatch: 4, maxWaitMs: 10 } },
  'an open load': { load: { arrival: 'poisson', rate: 40 } },
  'an overloaded server that turns requests away': {
    load: { arrival: 'constant', rate: 400 },
    serving: { maxBatch: 2, maxQueue: 8 },
  },
  'requests that expire': {
    load: { arrival: 'poisson', rate: 200 },
    serving: { maxBatch: 4, timeoutMs: 120 },
  },
  'clients that go away': {
    load: { concurrency: 16, abandonShare: 0.5, abandonAfterMs: 60 },
    serving: { maxBatch: 4 },
  },
  'a run that was ended early': {
    load: { arrival: 'poisson', rate: 300 },
    serving: { maxBatch: 2 },
    requests: 5000,
    endsAt: 1500,
  },
};

describe('every figure of a summary can be recomputed', () => {
  test.each(Object.entries(PLANS))('%s', async (name, plan) => {
    const { summary, csv, events, rate } = await measured(plan);
    const again = { ...fromCsv(csv, rate), ...fromEvents(events) };
    for (const [figure, value] of Object.entries(again)) {
      close(value, summary[figure as keyof RunSummary], `${name}: ${figure}`);
    }
    // Every request that was sent has a row and an outcome.
    const { requests, ok, rejected, expired, cancelled, failed } = summary;
    expect(ok + rejected + expired + cancelled + failed).toBe(requests);
    expect(ok).toBeGreaterThan(0);
  });

  test('the runs have what they are named after', async () => {
    const of = async (name: string) => (await measured(PLANS[name] as Plan)).summary;
    expect((await of('an overloaded server that turns requests away')).rejected).toBeGreaterThan(20);
    expect((await of('requests that expire')).expired).toBeGreaterThan(20);
    expect((await of('clients that go away')).cancelled).toBeGreaterThan(20);
    expect((await of('a run that was ended early')).cancelled).toBeGreaterThan(100);
  });
});
