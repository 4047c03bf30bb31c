import { expect, test } from 'vitest';
import type { MeasuredRun } from '../../core/experiment';
import { ARRIVALS, DEFAULT_LOAD_CONFIG, type LoadConfig } from '../../core/load-config';
import type { ServingRequest } from '../../core/request';
import { DEFAULT_SERVING_CONFIG } from '../../core/serving-config';
import type { LoadedTrace } from '../../core/trace';
import type { RunRecorder } from '../../metrics/run-recorder';
import { VirtualClock } from '../../simulator/virtual-clock';
import { LoadGenerator } from '../../traffic/load-generator';
import { createRng } from '../../traffic/rng';
import { TraceReader, traceInfo } from '../../traffic/traces/trace-reader';
import { measureRun } from './measure-run';

const prompts = Array.from({ length: 20 }, (_, i) => Array.from({ length: 3 + i }, () => i + 1));
const workload = { prompts, contextLength: 64 };

function traceOf(lines: readonly string[]): LoadedTrace {
  const reader = new TraceReader('t.csv');
  reader.push(['arrived_at,num_prefill_tokens,num_decode_tokens', ...lines].join('\n'));
  const trace = reader.end();
  return { trace, info: traceInfo(trace, 'ab') };
}

interface Around {
  /** ms before the run begins: another time of day. */
  readonly begin?: number;
  readonly serviceMs?: (id: number) => number;
  readonly trace?: LoadedTrace | null;
}

/** A run against a server that answers each request after a while, in virtual time. */
async function play(run: Partial<MeasuredRun> & { load: LoadConfig }, around: Around = {}) {
  const { begin = 0, serviceMs = () => 20, trace = null } = around;
  const clock = new VirtualClock(() => new Promise(setImmediate));
  await clock.advance(begin);
  const generators: LoadGenerator[] = [];
  const requests: ServingRequest[] = [];
  let recorder: RunRecorder | null = null;
  let ids = 0;
  const { result } = measureRun(
    {
      serving: DEFAULT_SERVING_CONFIG,
      slo: { p95Ms: null, ttftMs: null },
      requests: 60,
      durationS: null,
      warmupRequests: 0,
      endHopeless: false,
      ...run,
    },
    {
      clock,
      workload,
      trace,
      nextId: () => ++ids,
      generate: (clients) => {
        const rng = createRng(clients.config.seed);
        const abandon = () => {};
        const generator = new LoadGenerator({ ...clients, clock, trace: trace?.trace ?? null, rng, abandon });
        generators.push(generator);
        return generator;
      },
      send: ({ request }) => {
        requests.push(request);
        void clock.sleep(serviceMs(request.id)).then(() => {
          const settlement = { outcome: 'completed', finishReason: 'length' } as const;
          recorder?.fold({ type: 'settled', at: clock.now(), id: request.id, settlement });
          for (const generator of generators) generator.settled(request.id, 'completed', clock.now());
        });
      },
      cancel: () => {},
      record: (made) => {
        recorder = made;
      },
      onProgress: () => {},
    },
  );
  await clock.run();
  return { measurement: await result, requests };
}

test('one seed twice: the same arrivals and lengths to the last digit, at another time on another server', async () => {
  for (const arrival of ARRIVALS.filter((one) => one !== 'closed' && one !== 'trace')) {
    const load = {
      ...DEFAULT_LOAD_CONFIG,
      arrival,
      burstiness: 0.4,
      rate: 40,
      seed: 3,
      outputTokens: 'lognormal:12:0.7' as const,
      spikeStartS: 0.5,
      spikeDurationS: 0.5,
      rampS: 1,
    };
    const one = await play({ load });
    const other = await play(
      { load },
      { begin: 1_795_300_000_000.123, serviceMs: (id) => 1 + ((id * 37) % 200) },
    );
    const times = ({ measurement: { records } }: typeof one) =>
      records.map(({ scheduled }) => scheduled - (records[0]?.scheduled ?? 0));
    expect(one.measurement.records).toHaveLength(60);
    expect(times(other)).toEqual(times(one));
    expect(other.requests).toEqual(one.requests);
  }
});

const trace = traceOf(['0,4,5', '0.5,50,40', '0.75,9,3', '2,6,6']);
const load = { ...DEFAULT_LOAD_CONFIG, arrival: 'trace' as const };

test('a trace is played as recorded, cut to the context, and named', async () => {
  const { measurement, requests } = await play({ load, requests: 4 }, { trace });
  expect(requests.map(({ prompt, maxNewTokens }) => [prompt.length, maxNewTokens])).toEqual([
    [4, 5],
    [32, 32],
    [9, 3],
    [6, 6],
  ]);
  expect(measurement.records.map(({ scheduled }) => scheduled)).toEqual([0, 500, 750, 2000]);
  expect(measurement).toMatchObject({ clipped: 1, trace: { name: 't.csv', sha256: 'ab' }, endedEarly: null });
});

test('a trace with fewer requests than asked for ends the run when it ends, and that is said', async () => {
  const { measurement } = await play({ load: { ...load, timeScale: 0.5 }, requests: 10 }, { trace });
  expect(measurement.records).toHaveLength(4);
  expect(measurement.summary.ok).toBe(4);
  expect(measurement.endedEarly).toBe(
    'The trace t.csv was over after 4 requests, the last at 1.0 s; 10 requests were asked for.',
  );
  const timed = await play({ load, requests: null, durationS: 60 }, { trace });
  expect(timed.measurement.records).toHaveLength(4);
  expect(timed.measurement.endedEarly).toContain('60 s were asked for');
  const cut = await play({ load, requests: null, durationS: 1 }, { trace });
  expect(cut.measurement.records).toHaveLength(3);
  expect(cut.measurement.endedEarly).toBeNull();
});
