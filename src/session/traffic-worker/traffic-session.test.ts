import { afterEach, expect, test } from 'vitest';
import type { TrafficUpdate } from '../../core/commands';
import type { ClientMessage, ServerMessage } from '../../core/engine';
import type { ServingEvent } from '../../core/events';
import type { MeasuredRun } from '../../core/experiment';
import { DEFAULT_LOAD_CONFIG } from '../../core/load-config';
import type { RequestId } from '../../core/request';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../core/serving-config';
import { systemClock } from '../../core/system-clock';
import { Scheduler } from '../../scheduler/scheduler';
import { SimulatedBackend } from '../../simulator/simulated-backend';
import { TrafficSession } from './traffic-session';

const CONTEXT = 24;
const open: { close(): void }[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

/** A model directory in memory: a word a token, the answer's length in the simulator is the last token, `<end>` = 3. */
const words = ['<pad>', '<bos>', '<eos>', '<end>', ...Array.from({ length: 1020 }, (_, i) => `w${i}`)];
const files: Record<string, unknown> = {
  'tokenizer.json': {
    version: '1.0',
    added_tokens: words.slice(0, 4).map((content, id) => ({ id, content, special: true, normalized: false })),
    normalizer: null,
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '<bos>', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '<end>', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '<bos>': { id: '<bos>', ids: [1], tokens: ['<bos>'] },
        '<end>': { id: '<end>', ids: [3], tokens: ['<end>'] },
      },
    },
    decoder: null,
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(words.map((w, id) => [w, id])),
      unk_token: '<pad>',
    },
  },
  'tokenizer_config.json': { tokenizer_class: 'PreTrainedTokenizerFast' },
  'prompts.json': [
    { id: 'a', text: 'w1 w2' },
    { id: 'b', text: 'w3' },
    { id: 'c', text: 'w4 w5 w6' },
  ],
};
const fetchFile = async (url: string) => {
  const name = url.split('/').at(-1) ?? '';
  return new Response(JSON.stringify(files[name]), { status: name in files ? 200 : 404 });
};

/** The real scheduler over a model that costs time only, at the other end of a real channel. */
function serve(config: Partial<ServingConfig> = {}) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  let outbox: ServingEvent[] = [];
  const scheduler = new Scheduler({
    clock: systemClock,
    config: { ...DEFAULT_SERVING_CONFIG, maxWaitMs: 0, ...config },
    backend: new SimulatedBackend({
      clock: systemClock,
      contextLength: CONTEXT,
      cost: { passMs: 0.2, prefillTokenMs: 0, decodeRowMs: 0 },
    }),
    emit: (event) => {
      outbox.push(event);
      if (outbox.length > 1) return;
      queueMicrotask(() => {
        port1.postMessage({ type: 'events', events: outbox } satisfies ServerMessage);
        outbox = [];
      });
    },
  });
  const messages: ClientMessage[] = [];
  port1.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
    messages.push(data);
    if (data.type === 'submit') for (const request of data.requests) scheduler.submit(request);
    else for (const id of data.ids) scheduler.cancel(id);
  };
  return {
    port: port2,
    scheduler,
    messages,
    submitted: () => messages.flatMap((m) => (m.type === 'submit' ? m.requests : [])),
  };
}

async function session() {
  const load = new TrafficSession(systemClock, fetchFile);
  const updates: TrafficUpdate[] = [];
  load.subscribe((update) => updates.push(update));
  await load.prepare({ url: 'https://models.test/tiny/', contextLength: CONTEXT });
  const latest = () => {
    load.update();
    return updates.at(-1);
  };
  return { load, latest, updates };
}

const run: MeasuredRun = {
  load: DEFAULT_LOAD_CONFIG,
  serving: DEFAULT_SERVING_CONFIG,
  slo: { p95Ms: null, ttftMs: null },
  requests: 40,
  durationS: null,
  warmupRequests: 8,
  endHopeless: false,
};

test('measures exactly the asked requests; the warm-up leaves no trace', async () => {
  const { load } = await session();
  const server = serve();
  load.connect(server.port);
  const { summary, records, batchFill, counters, clipped } = await load.measure(run);
  expect(summary).toMatchObject({ requests: 40, ok: 40, rejected: 0, failed: 0, stale_dropped: 0 });
  expect(records.map((record) => record.id)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  expect(server.submitted()).toHaveLength(48);
  expect(counters).toMatchObject({ accepted: 40, batched: 40, outcomes: { completed: 40, rejected: 0 } });
  expect(batchFill.reduce((sum, batches) => sum + batches, 0)).toBe(counters.dispatched);
  expect(clipped).toBe(0);
  for (const r of records) {
    const stamps = [r.scheduled, r.sent, r.enqueued, r.batched, r.started, r.firstToken, r.finished];
    expect(stamps).toEqual(stamps.toSorted((a, b) => (a ?? Number.NaN) - (b ?? Number.NaN)));
    expect(r.outputTokens).toBe(3);
    expect(r.finishReason).toBe('stop');
  }
});

test('a forced length is forced, clipped to the context, and said', async () => {
  const { load } = await session();
  load.connect(serve().port);
  const { records, clipped } = await load.measure({ ...run, load: { ...run.load, outputTokens: 20 } });
  expect(records.every((r) => r.outputTokens === Math.min(20, CONTEXT - r.promptTokens))).toBe(true);
  expect(clipped).toBe(records.filter((r) => r.promptTokens > 4).length);
});

test('a full queue shows as rejected requests', async () => {
  const { load } = await session();
  load.connect(serve({ maxQueue: 1, maxBatch: 1 }).port);
  const { summary } = await load.measure({
    ...run,
    load: { ...run.load, arrival: 'poisson', rate: 10_000 },
    warmupRequests: 0,
  });
  expect(summary.requests).toBe(40);
  expect(summary.rejected).toBeGreaterThan(0);
  expect(summary.ok + summary.rejected).toBe(40);
});

test('an open loop of a given duration', async () => {
  const { load } = await session();
  load.connect(serve().port);
  const load_ = { ...run.load, arrival: 'poisson', rate: 400 } as const;
  const { summary } = await load.measure({
    ...run,
    load: load_,
    requests: null,
    durationS: 0.25,
    warmupRequests: 0,
  });
  expect(summary.requests).toBeGreaterThan(50);
  expect(summary.ok).toBe(summary.requests);
});

test('live load: figures, samples, stop drains and tells how it ended', async () => {
  const { load, updates } = await session();
  const server = serve();
  load.connect(server.port);
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 4 });
  // The load goes on while the visitor's sentence goes through the same queue.
  const sample = await load.send('w9 w9');
  expect(sample).toMatchObject({ prompt: 'w9 w9', outcome: 'completed', outputTokens: 3, own: true });
  expect(sample.text.split(' ')).toHaveLength(3);
  await load.stop();
  const update = updates.at(-1);
  expect(update?.snapshot.inFlight).toBe(0);
  expect(update?.snapshot.totals.sent).toBe(server.submitted().length);
  expect(update?.snapshot.totals.completed).toBe(server.submitted().length);
  expect(update?.samples.filter((s) => s.own)).toEqual([sample]);
  expect(update?.samples.some((s) => !s.own)).toBe(true);
});

test('stopping waits for everything that was sent, generated prompts too', async () => {
  const { load, latest } = await session();
  load.connect(serve().port);
  const generated = load.generate([{ id: 'p', prompt: 'w1' }]);
  await load.stop();
  expect(latest()?.snapshot).toMatchObject({ inFlight: 0, totals: { completed: 1 } });
  await generated;
});

test('starting anew with the same load changes nothing, with another it starts a new window', async () => {
  const { load, latest } = await session();
  load.connect(serve().port);
  load.start(DEFAULT_LOAD_CONFIG);
  await load.send('w1');
  load.start(DEFAULT_LOAD_CONFIG);
  const before = latest()?.snapshot;
  expect(before?.ok).toBeGreaterThan(0);
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 2 });
  expect(latest()?.snapshot.ok).toBe(0);
  expect(latest()?.snapshot.totals.sent).toBeGreaterThanOrEqual(before?.totals.sent ?? 1);
  await load.stop();
});

test('a pause: nothing more is sent, no rate is shown, a change waits for its end, and then it goes on', async () => {
  const { load, latest } = await session();
  const server = serve();
  load.connect(server.port);
  load.start(DEFAULT_LOAD_CONFIG);
  await expect.poll(() => latest()?.snapshot.totals.completed).toBeGreaterThan(20);
  expect(latest()?.snapshot.clients).toEqual({ status: 'sending', config: DEFAULT_LOAD_CONFIG });
  load.pause();
  await expect.poll(() => latest()?.snapshot.inFlight).toBe(0);
  const before = server.submitted().length;
  const other = { ...DEFAULT_LOAD_CONFIG, seed: 2, concurrency: 3 };
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 3 });
  load.start(other);
  await systemClock.sleep(600);
  expect(server.submitted()).toHaveLength(before);
  expect(latest()?.snapshot).toMatchObject({
    throughput_rps: null,
    throughput_tps: null,
    saturation: null,
    clients: { status: 'paused', config: other },
    server: { config: { maxWaitMs: 0 } },
  });
  load.resume();
  await expect.poll(() => latest()?.snapshot.totals.completed).toBeGreaterThan(20);
  await expect.poll(() => latest()?.snapshot.throughput_rps).toBeGreaterThan(0);
  expect(latest()?.snapshot.inFlight).toBeLessThanOrEqual(3);
  load.pause();
  await load.stop();
  expect(latest()?.snapshot.clients).toEqual({ status: 'idle' });
});

test('a load can begin in a pause', async () => {
  const { load, latest } = await session();
  const server = serve();
  load.connect(server.port);
  load.start(DEFAULT_LOAD_CONFIG, true);
  await systemClock.sleep(50);
  expect(server.submitted()).toEqual([]);
  expect(latest()?.snapshot.clients.status).toBe('paused');
  load.resume();
  await expect.poll(() => server.submitted().length).toBeGreaterThan(10);
  await load.stop();
});

test('a burst goes out at once: beside a load, which it does not shift, in its pause, and without one', async () => {
  const load = { ...DEFAULT_LOAD_CONFIG, temperature: 1 };
  const seeds: (number | undefined)[][] = [];
  for (const bursts of [true, false]) {
    const { load: clients, latest } = await session();
    const server = serve();
    clients.connect(server.port);
    clients.start(load);
    if (bursts) clients.burst(30, load);
    await expect.poll(() => server.submitted().length).toBeGreaterThan(60);
    clients.pause();
    await expect.poll(() => latest()?.snapshot.inFlight).toBe(0);
    if (bursts) {
      const { sent } = latest()?.snapshot.totals ?? { sent: 0 };
      clients.burst(20, load);
      await expect.poll(() => latest()?.snapshot.totals.completed).toBe(sent + 20);
      await clients.stop();
      clients.burst(10, load);
      await clients.stop();
      expect(latest()?.snapshot.totals).toMatchObject({ sent: sent + 30, completed: sent + 30 });
      expect(() => clients.burst(0, load)).toThrow('from 1 to 10000; given: 0.');
    }
    seeds.push(server.submitted().map(({ sampling }) => sampling?.seed));
  }
  const [withBursts = [], without = []] = seeds;
  // The load's own are the same in the same order, the burst's are others.
  expect(withBursts.filter((seed) => without.includes(seed)).slice(0, 25)).toEqual(without.slice(0, 25));
  expect(new Set(withBursts).size).toBe(withBursts.length);
});

test('requests of one turn leave in one message', async () => {
  const { load } = await session();
  const server = serve();
  load.connect(server.port);
  await load.generate(Array.from({ length: 30 }, (_, i) => ({ id: `p${i}`, prompt: `w${i}` })));
  expect(server.messages).toHaveLength(1);
});

test('generates in the order of the prompts', async () => {
  const { load } = await session();
  load.connect(serve().port);
  const generated = await load.generate([
    { id: 'x', prompt: 'w1 w2', max_new_tokens: 2 },
    { id: 'y', prompt: 'w3' },
  ]);
  expect(generated).toEqual([
    {
      id: 'x',
      prompt_tokens: 4,
      chat_template: null,
      tokens: [expect.any(Number), expect.any(Number)],
      text: expect.any(String),
      finish_reason: 'length',
    },
    {
      id: 'y',
      prompt_tokens: 3,
      chat_template: null,
      tokens: expect.any(Array),
      text: expect.stringMatching(/^w\d+ w\d+ w\d+$/),
      finish_reason: 'stop',
    },
  ]);
});

test('generates greedily, or with a seed for each prompt that its place or its line gives', async () => {
  const { load } = await session();
  const server = serve();
  load.connect(server.port);
  const prompts = ['w1', 'w2', 'w1'].map((prompt, i) => ({ id: `p${i}`, prompt }));
  const asked = async (...args: Parameters<typeof load.generate>) => {
    const before = server.submitted().length;
    await load.generate(...args);
    return server.submitted().slice(before);
  };
  expect((await asked(prompts)).map(({ sampling }) => sampling)).toEqual([null, null, null]);
  const warm = { temperature: 0.7, topK: 5, seed: 3 };
  const sampled = (await asked(prompts, warm)).map(({ sampling }) => sampling);
  expect(sampled[0]).toEqual({ temperature: 0.7, topK: 5, topP: 1, seed: expect.any(Number) });
  expect(new Set(sampled.map((sampling) => sampling?.seed)).size).toBe(3);
  const named = prompts.map((prompt, i) => (i === 1 ? { ...prompt, seed: 2 ** 32 - 1 } : prompt));
  const again = (await asked(named, warm)).map(({ sampling }) => sampling?.seed);
  expect(again).toEqual([sampled[0]?.seed, 2 ** 32 - 1, sampled[2]?.seed]);
  await expect(load.generate(prompts, { temperature: 9 })).rejects.toThrow(/--temperature.*0 to 5.*9/);
  await expect(load.generate([{ id: 'n', prompt: 'w1', seed: -1 }])).rejects.toThrow(
    /seed of prompt "n".*-1/,
  );
});

test("the visitor's sentence is greedy, but sampled as the load is beside one that samples", async () => {
  const { load } = await session();
  const server = serve();
  load.connect(server.port);
  const own = async () => {
    await load.send('w9 w9 w9 w9');
    const length = Math.max(...server.submitted().map(({ prompt }) => prompt.length));
    return server.submitted().findLast(({ prompt }) => prompt.length === length)?.sampling;
  };
  expect(await own()).toBeNull();
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 1, temperature: 1.5, topP: 0.9 });
  const [first, second] = [await own(), await own()];
  expect(first).toEqual({ temperature: 1.5, topK: 0, topP: 0.9, seed: expect.any(Number) });
  expect(second?.seed).not.toBe(first?.seed);
  await load.stop();
  expect(await own()).toBeNull();
});

test('bad prompts are named before anything is sent', async () => {
  const { load } = await session();
  const server = serve();
  load.connect(server.port);
  const long = { id: 'too-long', prompt: 'w1 '.repeat(30) };
  await expect(load.generate([{ id: 'ok', prompt: 'w1' }, long])).rejects.toMatchObject({
    code: 'prompt-too-long',
    message: `Prompt "too-long" has 32 tokens; at most 23 fit the model's context of 24.`,
  });
  await expect(load.generate([])).rejects.toMatchObject({ code: 'invalid-request' });
  await expect(load.generate([{ id: 'z', prompt: 'w1', max_new_tokens: 0 }])).rejects.toMatchObject({
    code: 'invalid-parameter',
    message: expect.stringContaining('"z"'),
  });
  await expect(load.send(long.prompt)).rejects.toMatchObject({ code: 'prompt-too-long' });
  await expect(load.send('  ')).rejects.toMatchObject({ code: 'invalid-request' });
  expect(server.messages).toEqual([]);
});

test('without a server nothing starts', async () => {
  const { load } = await session();
  expect(() => load.start(DEFAULT_LOAD_CONFIG)).toThrow(expect.objectContaining({ code: 'invalid-state' }));
  await expect(load.measure(run)).rejects.toMatchObject({ code: 'invalid-state' });
});

test('a new server takes over: what the old one held fails, the closed loop goes on', async () => {
  const { load, latest } = await session();
  const silent = new MessageChannel();
  open.push(silent.port1, silent.port2);
  load.connect(silent.port2);
  const held = new Promise<RequestId[]>((resolve) => {
    const ids: RequestId[] = [];
    silent.port1.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
      if (data.type === 'submit') ids.push(...data.requests.map(({ id }) => id));
      if (ids.length === 4) resolve(ids);
    };
  });
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 4 });
  await held;
  load.connect(serve().port);
  // The clients go on at once, so some may have sent their next.
  const { failed, sent = 0 } = latest()?.snapshot.totals ?? {};
  expect(failed).toBe(4);
  expect(sent).toBeGreaterThanOrEqual(4);
  expect(sent).toBeLessThanOrEqual(8);
  await expect(load.send('w1')).resolves.toMatchObject({ outcome: 'completed' });
  await load.stop();
});

test('a server that went away fails what it held, so that stopping ends', async () => {
  const { load, latest } = await session();
  const silent = new MessageChannel();
  open.push(silent.port1, silent.port2);
  load.connect(silent.port2);
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 1 });
  await new Promise((resolve) => {
    silent.port1.onmessage = resolve;
  });
  const sample = load.send('w1');
  load.disconnect('The server went away.');
  await expect(sample).resolves.toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining('went away'),
  });
  await load.stop();
  expect(latest()?.snapshot.inFlight).toBe(0);
});

test('a load goes on without a server: what it sends fails at once, until the next one answers', async () => {
  const { load, latest } = await session();
  load.connect(serve().port);
  load.start({ ...DEFAULT_LOAD_CONFIG, concurrency: 2 });
  await expect.poll(() => latest()?.snapshot.totals.completed).toBeGreaterThan(0);
  load.disconnect('The server was frozen for 4.1 s.');
  const held = latest()?.snapshot.totals.failed ?? 0;
  await expect.poll(() => latest()?.snapshot.totals.failed).toBeGreaterThanOrEqual(held + 4);
  const failed = () => latest()?.samples.find(({ outcome }) => outcome === 'failed')?.message;
  await expect.poll(failed, { timeout: 3000 }).toBe('The server was frozen for 4.1 s.');
  const completed = latest()?.snapshot.totals.completed ?? 0;
  load.connect(serve().port);
  await expect.poll(() => latest()?.snapshot.totals.completed).toBeGreaterThan(completed);
  await load.stop();
  const totals = latest()?.snapshot.totals;
  expect(totals?.sent).toBe((totals?.completed ?? 0) + (totals?.failed ?? 0));
});

test('an aborted run returns what it had measured; what was under way is cancelled', async () => {
  const { load } = await session();
  load.connect(serve().port);
  const progress: [number, number][] = [];
  const result = load.measure({ ...run, requests: 100_000, warmupRequests: 0 }, (done, total) => {
    progress.push([done, total]);
    if (done >= 10) load.abortMeasure();
  });
  while (progress.every(([done]) => done < 10)) {
    load.update();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { summary } = await result;
  expect(summary.requests).toBeGreaterThanOrEqual(10);
  expect(summary.requests).toBeLessThan(100_000);
  expect(summary.cancelled).toBeGreaterThan(0);
  expect(summary.ok + summary.cancelled).toBe(summary.requests);
  expect(progress.at(-1)?.[1]).toBe(100_000);
});

test('a live load and a measured run exclude each other', async () => {
  const { load } = await session();
  load.connect(serve().port);
  load.start(DEFAULT_LOAD_CONFIG);
  await expect(load.measure(run)).rejects.toMatchObject({ code: 'invalid-state' });
  await load.stop();
  const measured = load.measure(run);
  expect(() => load.start(DEFAULT_LOAD_CONFIG)).toThrow(expect.objectContaining({ code: 'invalid-state' }));
  await expect(measured).resolves.toMatchObject({ summary: { ok: 40 } });
});
