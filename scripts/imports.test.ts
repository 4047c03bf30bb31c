import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './build';

/** The import rules of .dependency-cruiser.cjs hold for the tree, and each of them bites. */
interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

function violations(folder: string, ...roots: readonly string[]): readonly Violation[] {
  const checker = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = ['--config', join(ROOT, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  const run = spawnSync(process.execPath, [checker, ...config, ...roots], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  try {
    return JSON.parse(run.stdout).summary.violations;
  } catch {
    throw new Error(`The checker said nothing that can be read: ${run.stderr}`);
  }
}

/** A house in which everybody may be imported, and the lines that must not be in it. */
const TARGETS = [
  'core/words',
  'scheduler/queue',
  'traffic/arrivals',
  'metrics/fold',
  'runtime/session',
  'store/store',
];

const BAD: readonly { file: string; line: string; rule: string }[] = [
  { file: 'src/core/a.ts', line: "import '../metrics/fold';", rule: 'room-core' },
  { file: 'src/core/b.ts', line: "import type { x } from '../metrics/fold';", rule: 'room-core' },
  { file: 'src/core/c.ts', line: "import 'pure-rand';", rule: 'core-imports-nothing' },
  { file: 'src/scheduler/a.ts', line: "import '../runtime/session';", rule: 'room-scheduler' },
  { file: 'src/scheduler/b.ts', line: "import 'node:fs';", rule: 'no-node-in-the-page' },
  { file: 'src/traffic/a.ts', line: "import '../metrics/fold';", rule: 'room-traffic' },
  { file: 'src/traffic/c.ts', line: "import type { x } from '../metrics/fold';", rule: 'room-traffic' },
  { file: 'src/metrics/a.ts', line: "import '../scheduler/queue';", rule: 'room-metrics' },
  { file: 'src/simulator/a.ts', line: "import '../runtime/session';", rule: 'room-simulator' },
  { file: 'src/experiments/a.ts', line: "import '../store/store';", rule: 'room-experiments' },
  { file: 'src/lessons/a.ts', line: "import '../store/store';", rule: 'room-lessons' },
  { file: 'src/runtime/a.ts', line: "import '../traffic/arrivals';", rule: 'room-runtime' },
  { file: 'src/engine/a.ts', line: "import '../store/store';", rule: 'room-engine' },
  { file: 'src/session/a.ts', line: "import '../scheduler/queue';", rule: 'room-session' },
  { file: 'src/store/a.ts', line: "import '../runtime/session';", rule: 'room-store' },
  { file: 'src/ui/a.ts', line: "import '../scheduler/queue';", rule: 'room-ui' },
  { file: 'src/model/a.ts', line: "import '../runtime/session';", rule: 'room-model' },
  { file: 'src/engine/b.ts', line: "import 'onnxruntime-web';", rule: 'package-onnxruntime-web' },
  { file: 'src/engine/c.ts', line: "import 'onnxruntime-web/webgpu';", rule: 'package-onnxruntime-web' },
  { file: 'src/ui/b.ts', line: "import 'recharts';", rule: 'package-recharts' },
  { file: 'src/ui/c.ts', line: "import 'comlink';", rule: 'package-comlink' },
  { file: 'src/store/c.ts', line: "import '@mantine/core';", rule: 'package-@mantine' },
  { file: 'src/experiments/b.ts', line: "import 'idb';", rule: 'package-idb' },
  { file: 'src/session/b.ts', line: "import 'zustand';", rule: 'package-zustand' },
  { file: 'src/session/c.ts', line: "import 'hdr-histogram-js';", rule: 'package-hdr-histogram-js' },
  {
    file: 'src/metrics/c.ts',
    line: "import 'pure-rand/generator/xoroshiro128plus';",
    rule: 'package-pure-rand',
  },
  { file: 'src/metrics/e.ts', line: "import 'd3-dsv';", rule: 'package-d3-dsv' },
  { file: 'src/metrics/d.ts', line: "import 'd3-random';", rule: 'package-d3-random' },
  {
    file: 'src/runtime/b.ts',
    line: "import '@huggingface/tokenizers';",
    rule: 'package-@huggingface/tokenizers',
  },
  {
    file: 'src/runtime/c.ts',
    line: "import '@huggingface/jinja';",
    rule: 'package-@huggingface/jinja',
  },
  { file: 'src/store/b.ts', line: "import 'react';", rule: 'package-react' },
  { file: 'src/main.tsx', line: "import './runtime/session';", rule: 'pages-start-no-worker-code' },
  { file: 'src/traffic/b.ts', line: "import './words.test';", rule: 'no-test-in-the-product' },
  { file: 'src/traffic/d.ts', line: "import './e';", rule: 'no-circle' },
  { file: 'src/metrics/b.ts', line: "import './nowhere';", rule: 'resolvable' },
  { file: 'src/traffic/f.ts', line: "import type { x } from './g';", rule: 'no-circle' },
  { file: 'cli/a.ts', line: "import '../src/store/store';", rule: 'cli-drives-the-page' },
  { file: 'cli/b.ts', line: "import '../bench/main';", rule: 'bench-measures-from-outside' },
];

const GOOD: readonly { file: string; line: string }[] = [
  { file: 'src/scheduler/good.ts', line: "import '../core/words';" },
  { file: 'src/core/good.ts', line: "import 'valibot';" },
  { file: 'src/engine/good.ts', line: "import type { x } from '../runtime/session';" },
  { file: 'src/runtime/good.ts', line: "import 'onnxruntime-web/wasm';" },
  { file: 'src/ui/charts/good.ts', line: "import 'recharts';" },
  { file: 'cli/good.ts', line: "import type { x } from '../src/core/good';" },
  { file: 'bench/main.ts', line: "import '../src/runtime/session';" },
];

test('the tree keeps the import rules', () => {
  const found = violations(ROOT, 'src', 'cli', 'bench').map(({ from, rule }) => `${from}: ${rule.name}`);
  expect(found).toEqual([]);
});

test('every rule has a line here that breaks it', () => {
  const config: unknown = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));
  const { forbidden } = config as { forbidden: readonly { name: string }[] };
  expect(BAD.map(({ rule }) => rule)).toEqual(expect.arrayContaining(forbidden.map(({ name }) => name)));
});

test('each rule bites, and bites nothing else', () => {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  const house = mkdtempSync(join(ROOT, 'test-results', 'imports-'));
  const put = (file: string, line: string) => {
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), `${line}\nexport const x = 1;\n`);
  };
  try {
    for (const target of TARGETS) put(`src/${target}.ts`, '');
    put('src/traffic/words.test.ts', '');
    put('src/traffic/e.ts', "import './d';");
    put('src/traffic/g.ts', "import type { x } from './f';");
    for (const { file, line } of [...BAD, ...GOOD]) put(file, line);
    const found = violations(house, 'src', 'cli', 'bench').map(({ from, rule }) => `${from}: ${rule.name}`);
    for (const { file, rule } of BAD)
      expect(found, `${file} should break ${rule}`).toContain(`${file}: ${rule}`);
    const bitten = new Set(found.map((line) => line.split(':')[0]));
    for (const { file } of GOOD) expect(bitten).not.toContain(file);
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
});

test('only the three worker entries expose something to other threads', () => {
  const entries =
    /^src\/(engine\/worker\/serving-worker|engine\/twin\/twin-worker|session\/traffic-worker\/traffic-worker)\.ts$/;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => `src/${name.replaceAll('\\', '/')}`)
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name));
  const exposing = sources.filter((name) => /\bexpose\(/.test(readFileSync(join(ROOT, name), 'utf8')));
  expect(exposing.filter((name) => !entries.test(name))).toEqual([]);
});
