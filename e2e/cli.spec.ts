import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { run } from './support/process';
import { prompts } from './support/prompts';
import { reference } from './support/reference';

test.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'headway-cli-'));
const headway = (line: string) => run('cli/main.ts', line.split(' ').filter(Boolean));
const small = '--backend wasm --concurrency 4 --output-tokens 4 --requests 20 --repeats 2';

test('bench prints a table, and --out writes the three files', async () => {
  const out = join(folder, 'bench');
  const { code, stdout, stderr } = await headway(
    `bench ${small} --policy static --max-batch 4 --seed 7 --out ${out}`,
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('throughput');
  expect(stdout).toContain('20 ok');
  for (const part of ['--policy static --max-batch 4', 'TTFT, ms', 'input tokens', `${out}/summary.json`]) {
    expect(stdout).toContain(part);
  }
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  expect(summary).toMatchObject({
    config: { policy: 'static', maxBatch: 4, concurrency: 4, outputTokens: 4, seed: 7 },
    seed: 7,
    repeats: 2,
    requests: 20,
    ok: 20,
    failed: 0,
    adapter: { kind: 'wasm', software: false },
    model: { name: 'mini-gpt' },
  });
  expect(summary.p95_ms_by_repeat).toHaveLength(2);
  expect(summary.latency_ms.p95).toBeGreaterThan(0);
  expect(stderr).toContain('WebAssembly');

  const [header, ...rows] = readFileSync(join(out, 'requests.csv'), 'utf8').trim().split('\n');
  expect(header?.trim()).toBe(
    'policy,max_batch,max_wait_ms,repeat,id,scheduled_ms,sent_ms,enqueued_ms,batched_ms,started_ms,' +
      'first_token_ms,last_token_ms,finished_ms,batch_size,prompt_tokens,output_tokens,sequences,tpot_ms,outcome',
  );
  expect(rows).toHaveLength(40);
  const manifest = readFileSync(join(out, 'manifest.json'), 'utf8');
  for (const part of [summary.model.sha256, summary.revision, 'onnxruntime-web', 'Chromium', '--max-batch']) {
    expect(manifest).toContain(part);
  }
});

test('bench plays a trace: its arrivals and lengths, named in the manifest, and says when it was over; --json prints the summary alone', async () => {
  const out = join(folder, 'trace');
  const file = join(folder, 'azure.csv');
  const text = `TIMESTAMP,ContextTokens,GeneratedTokens\r\n${[
    '2023-11-16 18:17:03.9799600,12,3',
    '2023-11-16 18:17:04.0799600,4808,200',
    '2023-11-16 18:17:04.1299601,9,5',
  ].join('\r\n')}`;
  writeFileSync(file, text);
  const { code, stdout, stderr } = await headway(
    `bench --backend wasm --trace ${file} --time-scale 2 --requests 9 --repeats 1 --json --out ${out}`,
  );
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')));
  expect(JSON.parse(stdout)).toMatchObject({
    config: { arrival: 'trace', timeScale: 2 },
    requests: 3,
    ok: 3,
  });
  expect(stderr).toContain('was over after 3 requests');
  expect(stderr).toContain('1 of 3 requests were too long');
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    clipped: 1,
    trace: { name: 'azure.csv', sha256: createHash('sha256').update(text).digest('hex'), requests: 3 },
    ended_early: expect.stringContaining('9 requests were asked for'),
  });
  const [header = '', ...rows] = readFileSync(join(out, 'requests.csv'), 'utf8').trim().split('\n');
  const names = header.split(',');
  const column = (name: string) => rows.map((row) => Number(row.split(',')[names.indexOf(name)]));
  expect(column('scheduled_ms')).toEqual([0, 200, 300]);
  expect(column('prompt_tokens')).toEqual([12, 64, 9]);
  expect(column('output_tokens')).toEqual([3, 64, 5]);
});

test('sweep --grid writes every file of what it measured, and prints a line for each point', async () => {
  const out = join(folder, 'sweep');
  const grid = join(folder, 'grid.json');
  const base = { policy: 'static', concurrency: 8, outputTokens: 4 };
  const content = { name: 'Two sizes', requests: 30, repeats: 2, base, grid: { maxBatch: [2, 4] } };
  writeFileSync(grid, JSON.stringify({ ...content, baseline: { policy: 'sequential' } }));
  const { code, stdout, stderr } = await headway(`sweep --grid ${grid} --backend wasm --seed 5 --out ${out}`);
  expect(code, stderr).toBe(0);
  for (const part of ['Two sizes', 'baseline', 'max batch 2', 'max batch 4', '30/30', `Written to ${out}`]) {
    expect(stdout).toContain(part);
  }
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  const sweep = read('batch_sweep.csv').trim().split('\n');
  expect(sweep.slice(1).map((line) => line.split(',').slice(0, 6).join(','))).toEqual([
    'sequential,8,20,2,30,30',
    'static,2,20,2,30,30',
    'static,4,20,2,30,30',
  ]);
  expect(read('requests.csv').trim().split('\n')).toHaveLength(1 + 3 * 2 * 30);
  const run = JSON.parse(read('run.json'));
  expect(run).toMatchObject({ experiment: 'grid', seed: 5, status: { kind: 'finished' } });
  expect(run.units).toHaveLength(6);
  expect(JSON.parse(read('checks.json'))).toMatchObject({ experiment: 'grid', checks: [] });
  const manifest = read('manifest.json');
  for (const part of [run.environment.model.sha256, 'onnxruntime-web', 'Chromium', '--grid']) {
    expect(manifest).toContain(part);
  }
});

test('sweep --grid --trace plays one recorded load under each setting', async () => {
  const out = join(folder, 'traced');
  const file = join(folder, 'generic.csv');
  const rows = Array.from({ length: 20 }, (_, i) => `${i * 0.05},${4 + i},${2 + (i % 5)}`);
  writeFileSync(file, ['arrived_at,num_prefill_tokens,num_decode_tokens', ...rows].join('\n'));
  const grid = join(folder, 'traced.json');
  const content = { requests: 20, repeats: 1, base: { arrival: 'trace' }, grid: { maxBatch: [1, 8] } };
  writeFileSync(grid, JSON.stringify(content));
  const { code, stderr } = await headway(`sweep --grid ${grid} --trace ${file} --backend wasm --out ${out}`);
  expect(code, stderr).toBe(0);
  const { units } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  expect(units).toHaveLength(2);
  for (const { summary, trace, records } of units) {
    expect(summary).toMatchObject({ requests: 20, ok: 20 });
    expect(trace).toMatchObject({ name: 'generic.csv', requests: 20 });
    expect(records.map((record: { outputTokens: number }) => record.outputTokens)).toEqual(
      rows.map((row) => Number(row.split(',')[2])),
    );
  }
});

test('generate writes one line per prompt, in their order, as transformers.js says them', async () => {
  const asked = prompts(4, 12);
  const file = join(folder, 'prompts.jsonl');
  writeFileSync(file, asked.map((prompt) => JSON.stringify(prompt)).join('\n'));
  const { code, stdout, stderr } = await headway(`generate --prompts ${file} --max-batch 4 --backend wasm`);
  expect(code, stderr).toBe(0);
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual(asked.map(({ id }) => id));
  expect(answers.map(({ tokens }) => tokens)).toEqual((await reference('mini-gpt', asked)).answers);
});

test('generate with a temperature draws by the seed of the line', async () => {
  const file = join(folder, 'sampled.jsonl');
  const line = { prompt: 'He go home.', max_new_tokens: 16 };
  const lines = [line, { ...line, seed: 5 }, line, { ...line, seed: 5 }, { ...line, seed: 6 }];
  writeFileSync(file, lines.map((one, id) => JSON.stringify({ id, ...one })).join('\n'));
  const { code, stdout, stderr } = await headway(
    `generate --prompts ${file} --backend wasm --max-batch 4 --temperature 3 --top-k 200 --top-p 0.99 --seed 3`,
  );
  expect(code, stderr).toBe(0);
  const [first, named, other, again, last] = stdout
    .trim()
    .split('\n')
    .map((answer) => JSON.parse(answer).tokens.join(' '));
  expect(again).toBe(named);
  expect(new Set([first, named, other, last]).size).toBe(4);
});

test('what cannot be done is refused before a browser starts', async () => {
  const { code, stdout, stderr } = await headway('bench --max-batch 0');
  expect(code).toBe(2);
  expect(stderr).toContain('a whole number from 1 to 256');
  expect(stdout).toBe('');
});

test('a model that there is not fails the run with the page’s sentence', async () => {
  const { code, stdout, stderr } = await headway('bench --model maxi-gpt --backend wasm --requests 1 --json');
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('maxi-gpt');
});

test('a model of another origin is refused, although its last folder is called like the embedded one', async () => {
  const { code, stdout, stderr } = await headway(
    'bench --model https://elsewhere.example/models/mini-gpt/ --backend wasm --requests 1 --json',
  );
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('given: "https://elsewhere.example/models/mini-gpt/"');
});

test('bench with several values is a sweep: its files, and an array of summaries', async () => {
  const out = join(folder, 'lists');
  const { code, stdout, stderr } = await headway(
    `bench ${small} --policy static,continuous --max-batch 2 --json --out ${out}`,
  );
  expect(code, stderr).toBe(0);
  const summaries: { config: { policy: string; maxBatch: number }; ok: number; total_tps: number }[] =
    JSON.parse(stdout);
  expect(summaries.map(({ config, ok }) => [config.policy, config.maxBatch, ok])).toEqual([
    ['static', 2, 20],
    ['continuous', 2, 20],
  ]);
  for (const { total_tps } of summaries) expect(total_tps).toBeGreaterThan(0);
  const [header, ...rows] = readFileSync(join(out, 'batch_sweep.csv'), 'utf8').trim().split('\n');
  expect(header).toContain(',wasted_token_share,ended_early');
  expect(rows.map((row) => row.split(',').at(-1))).toEqual(['false', 'false']);
});

test('a prompt longer than the context fails the run', async () => {
  const file = join(folder, 'long.jsonl');
  const out = join(folder, 'long-out.jsonl');
  writeFileSync(file, JSON.stringify({ id: 'long', prompt: 'The cat sat on the mat. '.repeat(80) }));
  const { code, stderr } = await headway(`generate --prompts ${file} --backend wasm --out ${out}`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/context|tokens/);
  expect(existsSync(out) ? readFileSync(out, 'utf8') : '').toBe('');
});
