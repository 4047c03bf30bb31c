import { describe, expect, it } from 'vitest';
import { measureLoad } from '../../../testing/scheduler/measured-load';
import type { RequestRecord } from '../../core/request-record';
import { queueTimeOf } from '../../metrics/timings';
import { gammaGaps } from '../../traffic/gaps';
import { createRng } from '../../traffic/rng';

/** Mean time of one service, ms. */
const SERVICE_MS = 10;
const NO_SLO = { p95Ms: null, ttftMs: null };

/** How the times of service are spread, and the mean wait that Pollaczek and Khinchine give it, as a multiple of M/M/1's. */
const SERVICES = { 'M/M/1': 1, 'M/D/1': 1 / 2 } as const;
type Queue = keyof typeof SERVICES;

/** Mean wait at the share `busy` of the capacity, ms. */
const meanWait = (queue: Queue, busy: number) => (SERVICES[queue] * busy * SERVICE_MS) / (1 - busy);

/** One server, and requests that come by chance. */
async function serve(queue: Queue, busy: number, requests: number, maxQueue = 100_000) {
  const services: number[] = [];
  const chance = gammaGaps(1, createRng(1).fork('service'));
  const recorder = await measureLoad({
    serving: { policy: 'sequential', channelCapacity: 0, maxQueue },
    load: { arrival: 'poisson', rate: (busy * 1000) / SERVICE_MS, seed: 1 },
    requests,
    passMs: SERVICE_MS,
    passTime: (ms) => {
      const service = queue === 'M/M/1' ? ms * chance() : ms;
      services.push(service);
      return service;
    },
  });
  return { recorder, summary: recorder.summary(NO_SLO, 0), records: recorder.records(), services };
}

const waitOf = (record: RequestRecord) => queueTimeOf(record) ?? Number.NaN;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const BATCHES = 40;

/** Neighbours depend on each other, the means of long batches hardly do. */
function batchMeans(values: readonly number[]): number[] {
  const size = Math.floor(values.length / BATCHES);
  return Array.from({ length: BATCHES }, (_, i) => mean(values.slice(i * size, (i + 1) * size)));
}

/** @param fitted what was estimated from these means beside their mean */
function standardError(means: readonly number[], fitted = 0): number {
  const middle = mean(means);
  const squares = means.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (BATCHES - 1 - fitted) / BATCHES);
}

/** `values` without what goes along with `by`, whose expectation is 0: theirs stays. */
function without(values: readonly number[], by: readonly number[]): number[] {
  const [middle, center] = [mean(values), mean(by)];
  const along = by.reduce((sum, each, i) => sum + (each - center) * ((values[i] ?? 0) - middle), 0);
  const slope = along / by.reduce((sum, each) => sum + (each - center) ** 2, 0);
  return values.map((value, i) => value - slope * (by[i] ?? 0));
}

/** The method of control variates: what chance has put into things of known expectation is taken out. */
function adjusted(means: readonly number[], [control, ...others]: readonly number[][]): readonly number[] {
  if (!control) return means;
  return adjusted(
    without(means, control),
    others.map((other) => without(other, control)),
  );
}

/** So many requests that 2 % are three standard errors. */
const CASES = [
  { queue: 'M/M/1', busy: 0.5, requests: 110_000 },
  { queue: 'M/M/1', busy: 0.8, requests: 60_000 },
  { queue: 'M/D/1', busy: 0.5, requests: 110_000 },
  { queue: 'M/D/1', busy: 0.8, requests: 60_000 },
] as const;

describe.each(CASES)('$queue at $busy of its capacity', { timeout: 120_000 }, ({ queue, busy, requests }) => {
  it('makes each request wait exactly until the ones before it are done: Lindley’s recursion', async () => {
    const { records, services } = await serve(queue, busy, 5000);
    let done = 0;
    for (const [i, record] of records.entries()) {
      expect(waitOf(record)).toBeCloseTo(Math.max(0, done - record.sent), 6);
      done = Math.max(done, record.sent) + (services[i] ?? Number.NaN);
    }
  });

  it('has the mean wait of the closed formula within 2 %', async () => {
    const { records, services } = await serve(queue, busy, requests);
    const expected = meanWait(queue, busy);
    const waits = records.map(waitOf).slice(0, -1);
    const plain = batchMeans(waits);
    expect(Math.abs(mean(plain) - expected)).toBeLessThan(3 * standardError(plain));

    // That error is several per cent, since a long queue lasts. Most of it is the luck of the draw, of which is known: each
    // service less the gap behind it has this mean and this mean square, whatever the wait before, which knows of neither.
    const gap = SERVICE_MS / busy;
    const drift = SERVICE_MS - gap;
    const square = (queue === 'M/M/1' ? 2 : 1) * SERVICE_MS ** 2 + 2 * gap ** 2 - 2 * SERVICE_MS * gap;
    const steps = waits.map((_, i) => {
      const [sent, next] = [records[i]?.sent ?? Number.NaN, records[i + 1]?.sent ?? Number.NaN];
      return (services[i] ?? Number.NaN) - (next - sent);
    });
    const controls = [
      steps.map((step) => step - drift),
      steps.map((step) => step ** 2 - square),
      steps.map((step, i) => (step - drift) * (waits[i] ?? Number.NaN)),
    ];
    const means = adjusted(plain, controls.map(batchMeans));
    expect(3 * standardError(means, controls.length)).toBeLessThan(0.02 * expected);
    expect(Math.abs(mean(means) - expected)).toBeLessThan(0.02 * expected);
  });
});

it('a queue in balance obeys Little’s law and is stable; past its capacity it is overloaded', async () => {
  const { summary, records } = await serve('M/M/1', 0.8, 40_000);
  expect(summary.littles_law_error).toBeLessThan(0.005);
  expect(summary.saturation).toBe('stable');
  const inSystem = records.reduce((sum, { sent, finished }) => sum + (finished ?? Number.NaN) - sent, 0);
  const duration = (records.at(-1)?.finished ?? Number.NaN) - (records[0]?.sent ?? Number.NaN);
  // Of 40,000 requests three standard errors are 15 %.
  expect(Math.abs(inSystem / duration / 4 - 1)).toBeLessThan(0.15);

  const beyond = await serve('M/M/1', 1.2, 5000);
  expect(beyond.summary.saturation).toBe('overloaded');
  // Who comes at the time t leaves at 1.2 t: of a queue that grows, five sixths are accounted for.
  expect(beyond.summary.littles_law_error).toBeCloseTo(1 / 6, 1);
});

it('a short queue rejects the share that the formula for M/M/1/K gives', async () => {
  const busy = 1.2;
  const { summary, recorder } = await serve('M/M/1', busy, 40_000, 4);
  // One in service and four in the queue.
  const K = 5;
  const blocked = ((1 - busy) * busy ** K) / (1 - busy ** (K + 1));
  expect(Math.abs(summary.rejected / summary.requests / blocked - 1)).toBeLessThan(0.05);
  expect(recorder.counters.outcomes.rejected).toBe(summary.rejected);
  expect(recorder.counters.accepted).toBe(summary.ok);
  expect(summary.saturation).toBe('overloaded');
});
