import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { run, type Started, start } from './support/process';

test.setTimeout(90_000);

/** `headway serve` in a process of its own, as its users start it; one browser for all of these tests. */
let server: Started;
let url = '';

test.beforeAll(async () => {
  server = start(
    'cli/main.ts',
    '--backend wasm --port 0 --max-batch 2 --max-queue 4 --api-key-env HEADWAY_E2E_KEY'
      .split(' ')
      .toSpliced(0, 0, 'serve'),
    KEY,
  );
  const [, address = ''] = await server.said(/is served at (\S+)\/v1/);
  url = address;
});
test.afterAll(async () => {
  server.interrupt();
  await server.ended;
});

const KEY = { HEADWAY_E2E_KEY: 'sk-e2e-never-shown' };
const authorization = `Bearer ${KEY.HEADWAY_E2E_KEY}`;
const completions = (body: object, signal?: AbortSignal) =>
  fetch(`${url}/v1/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ prompt: 'He go home.', temperature: 0, ignore_eos: true, ...body }),
    ...(signal ? { signal } : {}),
  });
const gauge = async (name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}\\{.*\\} (\\d+)`, 'm').exec(text)?.[1]);
};

test('bench --target drives it to the end, and its own counts agree', async () => {
  const out = mkdtempSync(join(tmpdir(), 'headway-serve-'));
  const before = await gauge('vllm:generation_tokens_total');
  const { code, stdout, stderr } = await run(
    'cli/main.ts',
    `bench --target ${url} --api-key-env HEADWAY_E2E_KEY --requests 20 --repeats 1 --concurrency 4 --output-tokens 8 --json --out ${out}`.split(
      ' ',
    ),
    KEY,
  );
  expect(code, stderr).toBe(0);
  const summary = JSON.parse(stdout);
  expect(summary).toMatchObject({
    requests: 20,
    ok: 20,
    short_answers: 0,
    adapter: { kind: 'remote' },
    model: { name: 'mini-gpt', sha256: null },
  });
  expect(summary.ttft_ms.p50).toBeGreaterThan(0);
  expect(summary.itl_ms.p50).toBeGreaterThan(0);
  // Warm-up and the first questions are in it as well.
  expect((await gauge('vllm:generation_tokens_total')) - before).toBeGreaterThanOrEqual(20 * 8);
  for (const text of [stdout, stderr, readFileSync(join(out, 'manifest.json'), 'utf8')]) {
    expect(text).not.toContain(KEY.HEADWAY_E2E_KEY);
  }
});

test('whole and streamed answers are the same', async () => {
  const whole = await (await completions({ max_tokens: 12 })).json();
  const stream = await (await completions({ max_tokens: 12, stream: true })).text();
  const text = stream
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)).choices[0].text)
    .join('');
  expect(text).toBe(whole.choices[0].text);
  expect(whole.usage.completion_tokens).toBe(12);
});

test('a wrong key, an unknown model and a full queue are told as such', async () => {
  const bench = `bench --target ${url} --requests 1`;
  const without = await run('cli/main.ts', bench.split(' '));
  expect(without.code).toBe(1);
  expect(without.stderr).toContain('401: A key is needed');
  const other = await completions({ model: 'gpt-9' });
  expect(other.status).toBe(404);
  const crowd = await Promise.all(Array.from({ length: 12 }, () => completions({ max_tokens: 60 })));
  const statuses = crowd.map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(6);
  expect(statuses.filter((status) => status === 503)).toHaveLength(6);
  expect(crowd.find(({ status }) => status === 503)?.headers.get('retry-after')).toBe('1');
});

test('a client that goes away in the middle frees its slot', async () => {
  const client = new AbortController();
  const answer = await completions({ max_tokens: 110, stream: true }, client.signal);
  await answer.body?.getReader().read();
  expect(await gauge('vllm:num_requests_running')).toBe(1);
  client.abort();
  await expect.poll(() => gauge('vllm:num_requests_running')).toBe(0);
});

test('SIGTERM under load answers what is under way and ends with 0', async () => {
  const under = Array.from({ length: 4 }, () => completions({ max_tokens: 100, stream: true }));
  const begun = await Promise.all(under);
  server.terminate();
  const texts = await Promise.all(begun.map((answer) => answer.text()));
  for (const text of texts) expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect((await server.ended).code).toBe(0);
});
