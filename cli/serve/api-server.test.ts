import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { ServingRequest } from '../../src/core/request';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../src/core/serving-config';
import { systemClock } from '../../src/core/system-clock';
import { Scheduler } from '../../src/scheduler/scheduler';
import { ServedRequests, type ServeSocket } from '../../src/session/traffic-worker/served-requests';
import { SimulatedBackend } from '../../src/simulator/simulated-backend';
import { apiServer } from './api-server';
import { ServeMetrics } from './serve-metrics';
import { type LineSocket, WorkerLine } from './worker-line';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A character a token, and back. */
const tokenizer = {
  encode: (text: string) => [...text].map((character) => character.charCodeAt(0) % 1024),
  decode: (tokens: readonly number[]) =>
    tokens.map((token) => String.fromCharCode(97 + (token % 26))).join(''),
};

type Listener = (event: { readonly data: string }) => void;

/** Two ends of a WebSocket without a network. */
function sockets(): {
  readonly worker: ServeSocket;
  readonly server: LineSocket;
  readonly close: () => void;
} {
  const toWorker: Listener[] = [];
  const toServer: Listener[] = [];
  const closed: (() => void)[] = [];
  const deliver = (listeners: readonly Listener[], data: string) =>
    queueMicrotask(() => {
      for (const listener of listeners) listener({ data });
    });
  return {
    worker: {
      send: (text) => deliver(toServer, text),
      addEventListener: (type: string, listener: Listener | (() => void)) => {
        if (type === 'message') toWorker.push(listener as Listener);
        else closed.push(listener as () => void);
      },
    },
    server: {
      send: (text) => deliver(toWorker, text),
      on: (event: string, listener: ((data: string) => void) | (() => void)) => {
        if (event === 'message') toServer.push(({ data }) => (listener as (data: string) => void)(data));
        else closed.push(listener as () => void);
      },
    },
    close: () => {
      for (const listener of closed) listener();
    },
  };
}

interface World {
  readonly serving?: Partial<ServingConfig>;
  readonly key?: string;
  readonly passMs?: number;
}

/** The real worker's way from the socket to the scheduler and back, on a model that costs time only. */
function world({ serving = {}, key, passMs = 1 }: World = {}) {
  const pair = sockets();
  const sink: { served?: ServedRequests } = {};
  let ids = 0;
  let draining = false;
  const scheduler = new Scheduler({
    backend: new SimulatedBackend({
      clock: systemClock,
      cost: { passMs, prefillTokenMs: 0, decodeRowMs: 0 },
    }),
    clock: systemClock,
    config: { ...DEFAULT_SERVING_CONFIG, ...serving },
    emit: (event) => sink.served?.fold(event),
  });
  const book = {
    tokenizer: { ...tokenizer, encodeWhole: tokenizer.encode, decodeSoFar: tokenizer.decode },
    chat: null,
    ends: new Set<number>(),
    workload: { prompts: [], contextLength: 128 },
    textOf: new Map(),
    note: null,
  };
  sink.served = new ServedRequests(pair.worker, {
    book: () => book,
    nextId: () => ++ids,
    submit: (request: ServingRequest) => scheduler.submit(request),
    cancel: (all) => {
      for (const id of all) scheduler.cancel(id);
    },
  });
  const line = new WorkerLine(pair.server);
  const app = apiServer({
    line,
    metrics: new ServeMetrics('tiny', systemClock.now),
    model: { name: 'tiny', contextLength: 128, vocabularySize: 1024 },
    key: key ?? null,
    loopbackOnly: true,
    draining: () => draining,
  });
  closing.push(() => app.close());
  const post = (path: string, payload: object | string, headers: Readonly<Record<string, string>> = {}) =>
    app.inject({ method: 'POST', path, payload, headers });
  const drain = () => {
    draining = true;
  };
  return { app, line, post, drain, pageGone: pair.close };
}

const SAY = { prompt: 'abc', temperature: 0, max_tokens: 5, ignore_eos: true };
const CHAT = {
  messages: [{ role: 'user', content: 'abc' }],
  temperature: 0,
  max_tokens: 5,
  ignore_eos: true,
};

const eventsOf = (body: string) =>
  body
    .split('\n\n')
    .filter(Boolean)
    .map((event) => event.replace(/^data: /, ''))
    .map((data) => (data === '[DONE]' ? data : JSON.parse(data)));

test('a whole completion has OpenAI’s shape and counts its tokens', async () => {
  const { post } = world();
  const answer = await post('/v1/completions', SAY);
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    id: expect.stringMatching(/^cmpl-/),
    object: 'text_completion',
    created: expect.any(Number),
    model: 'tiny',
    choices: [
      { index: 0, text: expect.stringMatching(/^[a-z]{5}$/), logprobs: null, finish_reason: 'length' },
    ],
    usage: {
      prompt_tokens: 3,
      completion_tokens: 5,
      total_tokens: 8,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  });
  const chat = (await post('/v1/chat/completions', CHAT)).json();
  expect(chat.choices[0].message).toEqual({ role: 'assistant', content: answer.json().choices[0].text });
});

test('a stream says the same, a chunk a token, with usage where it is asked for', async () => {
  const { post } = world();
  const whole = (await post('/v1/chat/completions', CHAT)).json();
  const stream = await post('/v1/chat/completions', {
    ...CHAT,
    stream: true,
    stream_options: { include_usage: true },
  });
  expect(stream.headers['content-type']).toContain('text/event-stream');
  const events = eventsOf(stream.body);
  expect(events[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
  const text = events.slice(1, 6).map(({ choices }) => choices[0].delta.content);
  expect(text.every((piece) => piece.length === 1)).toBe(true);
  expect(text.join('')).toBe(whole.choices[0].message.content);
  expect(events[6].choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' });
  expect(events[7]).toMatchObject({ choices: [], usage: whole.usage });
  expect(events[8]).toBe('[DONE]');
  const plain = eventsOf((await post('/v1/completions', { ...SAY, stream: true })).body);
  expect(plain.some((event) => event !== '[DONE]' && 'usage' in event)).toBe(false);
});

test('n answers, token ids, a stop text, and a seed that draws the same again', async () => {
  const { post } = world();
  const drawn = { prompt: [97, 98, 99], temperature: 1, max_tokens: 8, ignore_eos: true, n: 3, seed: 7 };
  const first = (await post('/v1/completions', drawn)).json();
  expect(first.choices.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2]);
  expect(first.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 24 });
  const again = (await post('/v1/completions', drawn)).json();
  expect(again.choices).toEqual(first.choices);
  const { text } = (await post('/v1/completions', { ...SAY, max_tokens: 8 })).json().choices[0];
  const stopped = (await post('/v1/completions', { ...SAY, max_tokens: 8, stop: text.slice(3, 5) })).json();
  expect(stopped.choices[0]).toMatchObject({ text: text.slice(0, 3), finish_reason: 'stop' });
});

test.each([
  [{ prompt: 5 }, 'prompt'],
  [{ prompt: [1, 5000] }, 'prompt'],
  [{ temperature: 9 }, 'temperature'],
  [{ max_tokens: 0 }, 'max_tokens'],
  [{ n: 100 }, 'n'],
  [{ top_p: 0 }, 'top_p'],
  [{ seed: 'x' }, 'seed'],
  [{ stream: 1 }, 'stream'],
  [{ stop: [''] }, 'stop'],
  [{ min_tokens: 3, ignore_eos: false }, 'min_tokens'],
  [{ tools: [{ type: 'function' }] }, 'tools'],
  [{ logprobs: 5 }, 'logprobs'],
  [{ response_format: { type: 'json_object' } }, 'response_format'],
])('%j is refused with 400, naming %s', async (change, param) => {
  const { post } = world();
  const answer = await post('/v1/completions', { ...SAY, ...change });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().error).toMatchObject({ type: 'invalid_request_error', param });
});

test('neutral values, other people’s fields and unknown stream options are taken', async () => {
  const { post } = world();
  const neutral = {
    logprobs: null,
    tools: [],
    tool_choice: 'none',
    user: 'me',
    metadata: { run: '1' },
    presence_penalty: 0,
    response_format: { type: 'text' },
    stream_options: { include_usage: true, continuous_usage_stats: true },
    min_tokens: 5,
    top_k: -1,
  };
  expect((await post('/v1/completions', { ...SAY, ...neutral })).statusCode).toBe(200);
});

test('completions have 16 tokens where nothing is said, and a chat as many as fit', async () => {
  const { post } = world();
  const open = { prompt: 'abc', temperature: 0, ignore_eos: true };
  expect((await post('/v1/completions', open)).json().usage.completion_tokens).toBe(16);
  const { max_tokens: _, ...chat } = CHAT;
  expect((await post('/v1/chat/completions', chat)).json().usage.completion_tokens).toBe(125);
  const long = await post('/v1/completions', { ...SAY, max_tokens: 126 });
  expect(long.statusCode).toBe(400);
  expect(long.json().error.message).toContain('at most 125');
});

test('a full queue is 503 with Retry-After, streamed or not; a deadline 504', async () => {
  const { post } = world({ serving: { maxQueue: 1, maxBatch: 1, timeoutMs: 40 }, passMs: 10 });
  const slow = { ...SAY, max_tokens: 100 };
  const answers = await Promise.all(
    [1, 2, 3, 4, 5].map((i) => post('/v1/completions', { ...slow, stream: i === 5 })),
  );
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(statuses).toContain(503);
  expect(statuses).toContain(504);
  expect(answers[4]?.statusCode).toBe(503);
  const full = answers.find(({ statusCode }) => statusCode === 503);
  expect(full?.headers['retry-after']).toBe('1');
  expect(full?.json().error.type).toBe('overloaded_error');
});

test('a client that goes away frees its slot, and the figures tell what became of all', async () => {
  const { app, line } = world({ serving: { maxBatch: 1 }, passMs: 5 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = new AbortController();
  const long = { ...SAY, max_tokens: 120, stream: true };
  const streamed = await fetch(`${url}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(long),
    signal: client.signal,
  });
  expect(streamed.status).toBe(200);
  expect(line.underWay).toBe(1);
  client.abort();
  await line.idle();
  const figures = await (await fetch(`${url}/metrics`)).text();
  expect(figures).toContain('headway_requests_not_completed_total{outcome="cancelled"} 1');
  expect(figures).toContain('vllm:num_requests_running{model_name="tiny"} 0');
});

test('a key is required where one is set, and never appears in an answer', async () => {
  const { app, post } = world({ key: 'sk-right' });
  for (const headers of [{}, { authorization: 'Bearer sk-wrong' }] as const) {
    const answer = await post('/v1/completions', SAY, headers);
    expect(answer.statusCode).toBe(401);
    expect(answer.body).not.toContain('sk-right');
    expect((await post('/tokenize', { prompt: 'a' }, headers)).statusCode).toBe(401);
  }
  expect((await post('/v1/completions', SAY, { authorization: 'Bearer sk-right' })).statusCode).toBe(200);
  expect((await app.inject('/health')).statusCode).toBe(200);
});

test('another host name, a body that is no JSON or too large, and an unknown address are refused', async () => {
  const { app, post } = world();
  expect((await post('/v1/completions', SAY, { host: 'evil.example' })).statusCode).toBe(403);
  expect((await post('/v1/completions', 'hello', { 'content-type': 'text/plain' })).statusCode).toBe(415);
  expect((await post('/v1/completions', '{', { 'content-type': 'application/json' })).statusCode).toBe(400);
  const large = await post('/v1/completions', { ...SAY, prompt: 'a'.repeat(5_000_000) });
  expect(large.statusCode).toBe(413);
  expect(large.json().error.message).toContain('bytes');
  const nowhere = await app.inject('/v1/embeddings');
  expect(nowhere.statusCode).toBe(404);
  expect(nowhere.json().error.message).toBe('There is no GET /v1/embeddings.');
  expect((await post('/v1/completions', { ...SAY, model: 'gpt-9' })).json().error).toMatchObject({
    param: 'model',
    message: 'The model "gpt-9" is not served here; "tiny" is.',
  });
});

test('models, tokens and health are told', async () => {
  const { app, post } = world();
  expect((await app.inject('/v1/models')).json().data).toEqual([
    { id: 'tiny', object: 'model', created: 0, owned_by: 'headway', max_model_len: 128 },
  ]);
  expect((await app.inject('/v1/models/tiny')).json().id).toBe('tiny');
  expect((await post('/tokenize', { prompt: 'abc' })).json()).toEqual({
    tokens: [97, 98, 99],
    count: 3,
    max_model_len: 128,
  });
  expect((await post('/detokenize', { tokens: [0, 1, 2] })).json()).toEqual({ prompt: 'abc' });
  expect((await post('/detokenize', { tokens: [-1] })).statusCode).toBe(400);
});

test('while it drains, what is under way is answered and nothing new is taken', async () => {
  const { app, post, drain, line } = world({ passMs: 3 });
  const running = post('/v1/completions', { ...SAY, max_tokens: 20 });
  await new Promise((resolve) => setImmediate(resolve));
  while (line.underWay === 0) await new Promise((resolve) => setImmediate(resolve));
  drain();
  expect((await post('/v1/completions', SAY)).statusCode).toBe(503);
  expect((await app.inject('/health')).statusCode).toBe(503);
  await line.idle();
  expect((await running).json().usage.completion_tokens).toBe(20);
});

test('when the page goes away, what is under way fails and so does what comes', async () => {
  const { post, pageGone, line } = world({ passMs: 20 });
  const running = post('/v1/completions', SAY);
  while (line.underWay === 0) await new Promise((resolve) => setImmediate(resolve));
  pageGone();
  expect((await running).statusCode).toBe(500);
  expect((await post('/v1/completions', SAY)).statusCode).toBe(503);
});
