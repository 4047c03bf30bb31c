import { afterEach, expect, test } from 'vitest';
import { nodeTransport } from '../../../cli/remote/node-transport';
import { KnownServer, type KnownServerOptions } from '../../../testing/known-server';
import { systemClock } from '../../core/system-clock';
import type { Endpoint } from './request-body';
import { readServerLoad } from './server-metrics';
import { openTarget, parseTarget } from './target';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(
  options: Partial<KnownServerOptions>,
  wishes: { readonly model?: string; readonly endpoint?: Endpoint; readonly key?: string } = {},
) {
  const server = await KnownServer.start({ ttftMs: 0, itlMs: 0, ...options });
  const transport = nodeTransport({ origin: server.url, insecure: false, now: systemClock.now });
  closing.push(
    () => transport.close(),
    () => server.close(),
  );
  const { model = null, endpoint = null, key } = wishes;
  const headers: Readonly<Record<string, string>> = key ? { authorization: `Bearer ${key}` } : {};
  return openTarget({ transport, address: parseTarget(server.url), headers }, { model, endpoint });
}

test.each([
  ['http://host:8000', { origin: 'http://host:8000', basePath: '/v1', name: 'host:8000' }],
  ['http://host:8000/v1/', { origin: 'http://host:8000', basePath: '/v1', name: 'host:8000' }],
  ['https://host/llm/v1', { origin: 'https://host', basePath: '/llm/v1', name: 'host:443' }],
  ['https://host/llm', { origin: 'https://host', basePath: '/llm/v1', name: 'host:443' }],
])('%s is a target', (given, expected) => {
  expect(parseTarget(given)).toEqual(expected);
});

test.each(['host:8000', 'ftp://host', 'http://me:pass@host', 'http://host/v1?key=1', ''])(
  '"%s" is none, and no password is repeated',
  (given) => {
    expect(() => parseTarget(given)).toThrow('--target must be an http or https address');
    expect(() => parseTarget(given)).not.toThrow('pass@');
  },
);

test('the first model, the chat endpoint and all fields, unless said otherwise', async () => {
  expect(await opened({ models: ['one', 'two'], contextLength: 512 })).toEqual({
    model: 'one',
    endpoint: 'chat',
    accepts: { streamOptions: true, seed: true, forcedLength: true },
    contextLength: 512,
    ruler: { tokensPerWord: 1, overhead: 0 },
    notes: [],
  });
  expect(await opened({ models: ['one', 'two'] }, { model: 'two', endpoint: 'completions' })).toMatchObject({
    model: 'two',
    endpoint: 'completions',
  });
});

test('a field that is refused is left out, and said', async () => {
  const { accepts, notes } = await opened({ refuses: ['ignore_eos'] });
  expect(accepts).toEqual({ streamOptions: true, seed: true, forcedLength: false });
  expect(notes.join()).toContain('refuses ignore_eos');
  const plain = await opened({ refuses: ['stream_options', 'ignore_eos'] });
  expect(plain.accepts.streamOptions).toBe(false);
});

test('a server that takes no chat is asked for completions', async () => {
  expect(await opened({ refuses: ['messages'] })).toMatchObject({ endpoint: 'completions' });
});

test('a wrong key and an unknown model are refused with what the server says', async () => {
  await expect(opened({ key: 'right' }, { key: 'wrong' })).rejects.toThrow(
    /refused a first request: 401: Incorrect API key provided\. --api-key-env/,
  );
  await expect(opened({ key: 'right' }, { key: 'right' })).resolves.toMatchObject({ model: 'known' });
  await expect(opened({}, { model: 'gpt-9' })).rejects.toThrow(
    /404: The model gpt-9 does not exist\. Its models are known\./,
  );
});

test('reads what servers tell of themselves, several replicas together', () => {
  const vllm = [
    '# HELP vllm:num_requests_running Number of requests',
    'vllm:num_requests_running{engine="0",model_name="a b"} 3.0',
    'vllm:num_requests_running{engine="1",model_name="a b"} 4.0',
    'vllm:num_requests_waiting{engine="0"} 2.0 1700000000',
    'vllm:kv_cache_usage_perc{engine="0"} 0.5',
    'vllm:kv_cache_usage_perc{engine="1"} 0.25',
    'nonsense',
  ].join('\n');
  expect(readServerLoad(vllm)).toEqual({ running: 7, waiting: 2, kvCacheUsage: 0.375 });
  expect(readServerLoad('llamacpp:requests_processing 1\nllamacpp:requests_deferred 0')).toEqual({
    running: 1,
    waiting: 0,
    kvCacheUsage: null,
  });
  expect(readServerLoad('')).toEqual({ running: null, waiting: null, kvCacheUsage: null });
});
