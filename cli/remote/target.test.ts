import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { KnownServer } from '../../testing/known-server';
import { headway } from '../headway';

const KEY = 'sk-known-and-never-shown';
const SECRET = 'another-secret';
const folder = mkdtempSync(join(tmpdir(), 'headway-target-'));
let server: KnownServer;
let said = { out: '', err: '' };

beforeAll(async () => {
  server = await KnownServer.start({ ttftMs: 2, itlMs: 1, key: KEY, tokens: 8, models: ['one', 'two'] });
  process.env.HEADWAY_TEST_KEY = KEY;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.err += String(text);
    return true;
  });
});
beforeEach(() => {
  said = { out: '', err: '' };
  server.fault = null;
});
afterAll(async () => {
  vi.restoreAllMocks();
  delete process.env.HEADWAY_TEST_KEY;
  await server.close();
});

const run = (line: string, ...more: readonly string[]) =>
  headway([...line.split(' ').filter(Boolean), ...more]);
const keyed = '--api-key-env HEADWAY_TEST_KEY';
const small = '--requests 12 --repeats 2 --concurrency 3 --output-tokens 6';

const written = (name: string) =>
  readdirSync(join(folder, name)).map((file) => readFileSync(join(folder, name, file), 'utf8'));

test('bench --target measures the server, and neither key nor header is written or said', async () => {
  const out = join(folder, 'bench');
  const code = await run(
    `bench --target ${server.url}/v1 ${keyed} ${small} --json --out ${out}`,
    '--header',
    `X-Secret: ${SECRET}`,
  );
  expect(code, said.err).toBe(0);
  expect(JSON.parse(said.out)).toMatchObject({
    requests: 12,
    ok: 12,
    queue_ms: null,
    mean_batch_fill: null,
    wasted_token_share: null,
    short_answers: 0,
    shorter_by: null,
    adapter: { kind: 'remote', name: new URL(server.url).host, software: false },
    model: { name: 'one', sha256: null },
  });
  expect(JSON.parse(said.out).config).not.toHaveProperty('policy');
  expect(server.asked.at(-1)?.headers).toMatchObject({ 'x-secret': SECRET });
  const files = written('bench');
  expect(files).toHaveLength(3);
  for (const text of [...files, said.out, said.err]) {
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(SECRET);
  }
  expect(files.join()).toContain('X-Secret: (not kept)');
});

test('a sweep over rates writes its texts; one over batch sizes is refused', async () => {
  const grid = join(folder, 'rates.json');
  writeFileSync(
    grid,
    JSON.stringify({ requests: 10, repeats: 1, base: { arrival: 'poisson' }, grid: { rate: [50, 100] } }),
  );
  const code = await run(
    `sweep --target ${server.url} ${keyed} --grid ${grid} --out ${join(folder, 'sweep')}`,
  );
  expect(code, said.err).toBe(0);
  const { units, environment } = JSON.parse(readFileSync(join(folder, 'sweep', 'run.json'), 'utf8'));
  expect(units.map((unit: { summary: object }) => unit.summary)).toEqual([
    expect.objectContaining({ requests: 10, ok: 10 }),
    expect.objectContaining({ requests: 10, ok: 10 }),
  ]);
  expect(environment).toMatchObject({ adapter: { kind: 'remote' }, model: { name: 'one', sha256: null } });
  expect(written('sweep').join()).not.toContain(KEY);
  expect(await run(`sweep --target ${server.url} ${keyed} --preset lab-02`)).toBe(2);
  expect(said.err).toContain('lab-02 changes maxBatch and maxWaitMs');
});

test('a trace is played with its lengths, prompts as long as its tokens say', async () => {
  const trace = join(folder, 'trace.csv');
  writeFileSync(trace, 'arrived_at,num_prefill_tokens,num_decode_tokens\n0,20,3\n0.01,40,5\n0.02,8000,2\n');
  expect(
    await run(`bench --target ${server.url} ${keyed} --trace ${trace} --repeats 1 --json`),
    said.err,
  ).toBe(0);
  expect(server.asked.slice(-3).map(({ body }) => body.max_tokens)).toEqual([3, 5, 2]);
  expect(server.asked.at(-2)?.body.messages?.[0]?.content.split(' ')).toHaveLength(40);
  expect(said.err).toContain('1 of 3 requests were too long');
});

test('a data set is sent, or texts of a wanted number of tokens', async () => {
  const file = join(folder, 'mine.txt');
  writeFileSync(file, 'Only this.\n');
  const bench = `bench --target ${server.url} ${keyed} ${small} --json`;
  expect(await run(`${bench} --prompts ${file}`), said.err).toBe(0);
  expect(server.asked.at(-1)?.body.messages?.[0]?.content).toBe('Only this.');
  said.out = '';
  expect(await run(`${bench} --prompt-tokens 50`), said.err).toBe(0);
  expect(server.asked.at(-1)?.body.messages?.[0]?.content.split(' ')).toHaveLength(50);
  expect(await run(`${bench} --prompt-tokens 4096`)).toBe(1);
  expect(said.err).toContain('promptTokens (--prompt-tokens) must be at most 4095');
  expect(await run(`${bench} --prompts ${join(folder, 'none.txt')}`)).toBe(2);
});

test.each([
  ['', '401: Incorrect API key provided'],
  [`${keyed} --model three`, '404: The model three does not exist. Its models are one, two.'],
])('%s fails before anything is measured', async (options, message) => {
  expect(await run(`bench --target ${server.url} ${options} --requests 1`)).toBe(1);
  expect(said.err).toContain(message);
  expect(said.err).not.toContain(KEY);
});

test.each([
  ['bench --target nowhere', '--target must be an http or https address'],
  ['bench --target http://127.0.0.1:1 --max-batch 4', '--max-batch has no place beside --target'],
  ['bench --endpoint chat', '--endpoint belongs to --target URL'],
  ['bench --target http://127.0.0.1:1 --api-key-env NO_SUCH_KEY', 'which is not set'],
  ['bench --target http://127.0.0.1:1 --header secret-without-name', '--header must be'],
])('%s is refused', async (line, message) => {
  expect(await run(line)).toBe(2);
  expect(said.err).toContain(message);
});

test('a server that rejects everything is no measurement', async () => {
  const measured = run(`bench --target ${server.url} ${keyed} ${small}`);
  while (!said.err.includes('one at')) await new Promise((resolve) => setTimeout(resolve, 1));
  server.fault = 'busy-503';
  expect(await measured).toBe(1);
  expect(said.err).toContain('completed none of its 12 requests');
});
