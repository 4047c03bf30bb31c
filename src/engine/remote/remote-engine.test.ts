import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { nodeTransport } from '../../../cli/remote/node-transport';
import { FAULTS, type Fault, KnownServer } from '../../../testing/known-server';
import type { ServingEvent, SettledEvent } from '../../core/events';
import type { ServingRequest } from '../../core/request';
import { systemClock } from '../../core/system-clock';
import { RemoteEngine, type RemoteEngineOptions } from './remote-engine';

const TOKENS = 9;
let server: KnownServer;
const engines: RemoteEngine[] = [];

beforeAll(async () => {
  server = await KnownServer.start({ ttftMs: 2, itlMs: 1, tokens: TOKENS, concurrency: 4, queue: 2 });
});
afterEach(async () => {
  server.fault = null;
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});
afterAll(() => server.close());

const request = (id: number, changes: Partial<ServingRequest> = {}): ServingRequest => ({
  id,
  prompt: [1, 2, 3],
  text: '1 2 3',
  maxNewTokens: 64,
  ignoreEos: false,
  sequences: 1,
  priority: 0,
  sampling: null,
  ...changes,
});

function remote(changes: Partial<RemoteEngineOptions> = {}) {
  const events: ServingEvent[] = [];
  let noticed = () => {};
  const engine = new RemoteEngine({
    transport: nodeTransport({ origin: server.url, insecure: false, now: systemClock.now }),
    clock: systemClock,
    basePath: '/v1',
    headers: {},
    model: 'known',
    endpoint: 'chat',
    accepts: { streamOptions: true, seed: true, forcedLength: true },
    emit: (event) => {
      events.push(event);
      noticed();
    },
    timeoutMs: 5_000,
    retryAfter: false,
    ...changes,
  });
  engines.push(engine);
  const settled = () => events.filter((event): event is SettledEvent => event.type === 'settled');
  const until = async (done: () => boolean) => {
    while (!done()) {
      await new Promise<void>((resolve) => {
        noticed = resolve;
      });
    }
  };
  const textOf = (id: number) =>
    events.map((event) => (event.type === 'received' && event.id === id ? event.text : '')).join('');
  return { engine, events, settled, until, textOf };
}

async function outcomeUnder(fault: Fault | null, changes: Partial<RemoteEngineOptions> = {}) {
  server.fault = fault;
  const { engine, events, settled, until, textOf } = remote(changes);
  engine.submit(request(1));
  await until(() => settled().length > 0);
  const counted = events.find((event) => event.type === 'counted');
  const chunks = events.filter((event) => event.type === 'received').length;
  return { settlement: settled()[0]?.settlement, counted, chunks, text: textOf(1), engine };
}

const WHOLE = ' die Straße führt zum 海 🌊 und weiter die';
const completed = { outcome: 'completed', finishReason: 'stop' };
const failed = (message: string | RegExp) => ({
  outcome: 'failed',
  message: expect.stringMatching(message),
});

/** What each fault has to end as. */
const ENDS: Readonly<Record<Fault, object>> = {
  split: completed,
  packed: completed,
  crlf: completed,
  comments: completed,
  'no-done': completed,
  'no-usage': completed,
  chunky: completed,
  whole: completed,
  gzip: completed,
  'error-in-stream': failed('The engine died.'),
  'error-200': failed('CUDA out of memory.'),
  garbage: failed('not JSON'),
  cut: failed('neither a finish_reason nor \\[DONE\\]'),
  // What had arrived when the connection is reset may be lost with it.
  reset: failed(/broke (before any text arrived|after \d chunks of text): the connection was/),
  stall: { outcome: 'expired' },
  'busy-429': { outcome: 'rejected', message: '429: Too many requests.' },
  'busy-503': { outcome: 'rejected', message: '503: The queue is full.' },
  'late-504': { outcome: 'expired' },
  redirect: failed('307: The server redirects to http://127.0.0.2:1/v1/chat/completions; redirects are not'),
  'crash-500': failed('500: Internal Server Error'),
};

test.each(FAULTS)('%s ends in its outcome, once, with the whole text where there is one', async (fault) => {
  const { settlement, text, counted, engine } = await outcomeUnder(
    fault,
    fault === 'stall' ? { timeoutMs: 60 } : {},
  );
  expect(settlement).toEqual(ENDS[fault]);
  expect(engine.inFlight).toBe(0);
  if (ENDS[fault] !== completed) return;
  expect(text).toBe(WHOLE);
  const byChunks = fault === 'no-usage';
  expect(counted).toMatchObject({ outputTokens: TOKENS, by: byChunks ? 'chunks' : 'usage' });
});

test('a chunk of several tokens is one arrival, and its tokens are counted by usage', async () => {
  const { chunks, counted } = await outcomeUnder('chunky');
  expect(chunks).toBe(3);
  expect(counted).toMatchObject({ outputTokens: TOKENS, promptTokens: 3 });
});

test('a role without text is no first token', async () => {
  const { chunks } = await outcomeUnder(null);
  expect(chunks).toBe(TOKENS);
});

test('an answer in one piece and one without usage are told of', async () => {
  const whole = await outcomeUnder('whole');
  expect(whole.engine.compliance).toMatchObject({ completed: 1, notStreamed: 1, countedByChunks: 0 });
  const uncounted = await outcomeUnder('no-usage');
  expect(uncounted.engine.compliance).toMatchObject({ completed: 1, notStreamed: 0, countedByChunks: 1 });
});

test('a forced length is asked for; shorter answers are counted', async () => {
  const { engine, settled, until } = remote();
  engine.submit(request(1, { maxNewTokens: 20, ignoreEos: true }));
  await until(() => settled().length === 1);
  expect(server.asked.at(-1)?.body).toMatchObject({ max_tokens: 20, min_tokens: 20, ignore_eos: true });
  expect(engine.compliance.shortAnswers).toBe(0);
  const deaf = remote({ accepts: { streamOptions: true, seed: true, forcedLength: false } });
  deaf.engine.submit(request(1, { maxNewTokens: 20, ignoreEos: true }));
  await deaf.until(() => deaf.settled().length === 1);
  expect(server.asked.at(-1)?.body).not.toHaveProperty('ignore_eos');
  expect(deaf.engine.compliance).toMatchObject({ shortAnswers: 1, askedTokens: 20, receivedTokens: TOKENS });
});

test('a full queue rejects; those that found room are answered', async () => {
  let open = () => {};
  server.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { engine, settled, until } = remote();
  for (let id = 1; id <= 9; id++) engine.submit(request(id));
  await until(() => settled().length === 3);
  expect(settled().map(({ settlement }) => settlement.outcome)).toEqual(Array(3).fill('rejected'));
  expect([server.running, server.waiting]).toEqual([4, 2]);
  open();
  await until(() => settled().length === 9);
  expect(settled().filter(({ settlement }) => settlement.outcome === 'completed')).toHaveLength(6);
});

test('Retry-After is honoured when it is asked for', async () => {
  server.fault = 'busy-429';
  const clock = {
    ...systemClock,
    sleep: (ms: number) => (ms === 1000 ? systemClock.sleep(20) : new Promise<void>(() => {})),
  };
  const { engine, settled, until } = remote({ retryAfter: true, clock });
  const before = server.asked.length;
  engine.submit(request(1));
  while (server.asked.length < before + 2) await systemClock.sleep(5);
  expect(settled()).toHaveLength(0);
  server.fault = null;
  await until(() => settled().length === 1);
  expect(settled()[0]?.settlement).toEqual(completed);
});

test('cancelling closes the connection and frees the place', async () => {
  const { engine, settled, until, events } = remote();
  const before = server.abandoned;
  engine.submit(request(1, { maxNewTokens: 4000, ignoreEos: true }));
  await until(() => events.some((event) => event.type === 'received'));
  engine.cancel(1);
  expect(settled()[0]?.settlement).toEqual({ outcome: 'cancelled' });
  while (server.running > 0) await systemClock.sleep(2);
  expect(server.abandoned).toBe(before + 1);
});

test('a redirect takes no key along', async () => {
  const { settlement } = await outcomeUnder('redirect', { headers: { authorization: 'Bearer secret-key' } });
  expect(JSON.stringify(settlement)).not.toContain('secret');
});

test('a server that is not there fails at once', async () => {
  const transport = nodeTransport({ origin: 'http://127.0.0.1:9', insecure: false, now: systemClock.now });
  const { settlement } = await outcomeUnder(null, { transport });
  expect(settlement).toEqual(failed('broke before any text arrived: the connection was refused'));
});
