import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { availableParallelism, setPriority } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt, ROOT } from './build';
import {
  add,
  type Counts,
  fromPlaywright,
  fromVitest,
  lastLine,
  read,
  single,
  stageLine,
} from './test-report';

/**
 * `npm test`: runs every stage, also after one has failed, and ends with a line that a script can read.
 * `npm run check` (`--check`) runs the stages without a build or a browser.
 */
interface Stage {
  readonly name: string;
  run(): Promise<Counts>;
  /** Stages without which this one says nothing. */
  readonly needs?: readonly string[];
}

const REPORTS = join(ROOT, 'test-results', 'reports');

interface ToolOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What it says stands together at its end, since another stage is speaking. */
  readonly held?: true;
  /** Leaves the processor to a stage that runs in real time beside it. */
  readonly yielding?: true;
}

/** Runs a tool of node_modules under this Node. @returns whether it ended with 0 */
function tool(path: string, args: readonly string[], options: ToolOptions = {}): Promise<boolean> {
  const { env, held, yielding } = options;
  return new Promise((resolve, reject) => {
    const out = held ? 'pipe' : 'inherit';
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', path), ...args], {
      cwd: ROOT,
      stdio: ['ignore', out, out],
      env: { ...process.env, ...env },
    });
    if (yielding && child.pid) setPriority(child.pid, 10);
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

const check = (name: string, path: string, ...args: readonly string[]): Stage => ({
  name,
  run: async () => single(await tool(path, args, { yielding: true })),
});

const unit: Stage = {
  name: 'unit tests',
  run: async () => {
    const file = join(REPORTS, 'unit.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    // Vitest leaves a core to others by itself, also when they are done; this one's priority does that better.
    const args = ['run', `--maxWorkers=${availableParallelism()}`, ...reporters];
    return read(file, await tool('vitest/vitest.mjs', args, { yielding: true }), fromVitest);
  },
};

const build: Stage = {
  name: 'build',
  run: async () => {
    await ensureBuilt(console.log);
    return single(true);
  },
};

const browser = (name: string, projects: readonly string[], options: ToolOptions = {}): Stage => ({
  name,
  needs: ['build'],
  run: async () => {
    const file = join(REPORTS, `${projects.join('-')}.json`);
    const args = ['test', '--retries=1', ...projects.map((project) => `--project=${project}`)];
    const env = { HEADWAY_REPORT: file };
    return read(file, await tool('@playwright/test/cli.js', args, { ...options, env }), fromPlaywright);
  },
});

/** Takes its two minutes whatever else runs, so it runs beside what is in no hurry. */
const OVERLOAD = browser('two minutes of overload in Chromium, WASM', ['overload'], { held: true });

const CHECKS: readonly Stage[] = [
  check('lint', '@biomejs/biome/bin/biome', 'check', '.'),
  // The native compiler; the import rules are read by a tool that needs the older one's API.
  check('types', 'typescript-7/bin/tsc', '-b', '--noEmit'),
  check(
    'import rules',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
    'cli',
    'bench',
  ),
  check('unused code', 'knip/bin/knip.js'),
  unit,
];

const PAGES: readonly Stage[] = [
  // One waits where the other computes; together they take two thirds of the time.
  browser('page in Chromium, WASM and WebGPU', ['webgpu', 'page']),
  browser('page in Chromium, WASM, what is timed', ['timed']),
];

async function outcome(stage: Stage, broken: ReadonlySet<string>): Promise<Counts> {
  const missing = stage.needs?.filter((name) => broken.has(name)) ?? [];
  if (missing.length > 0) {
    console.log(`not run: it needs the ${missing.join(', ')}`);
    return single(false);
  }
  try {
    return await stage.run();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return single(false);
  }
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const broken = new Set<string>();
const lines: string[] = [];
let total: Counts = { passed: 0, failed: 0, skipped: 0, again: 0 };

/** Says what became of a stage, that is under way already if `begun` is given. */
async function perform(stage: Stage, begun?: Promise<Counts>): Promise<void> {
  console.log(`\n=== ${stage.name}`);
  const started = performance.now();
  const counts = await (begun ?? outcome(stage, broken));
  if (counts.failed > 0) broken.add(stage.name);
  total = add(total, counts);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  lines.push(
    `${counts.failed > 0 ? 'FAILED' : 'ok    '}  ${stage.name}: ${stageLine(counts)} (${seconds} s)`,
  );
  console.log(lines.at(-1));
}

if (process.argv.includes('--check')) {
  for (const stage of CHECKS) await perform(stage);
} else {
  await perform(build);
  const overload = outcome(OVERLOAD, broken);
  for (const stage of CHECKS) await perform(stage);
  await perform(OVERLOAD, overload);
  for (const stage of PAGES) await perform(stage);
}

console.log(`\n${lines.join('\n')}\n`);
console.log(lastLine(total));
process.exitCode = total.failed > 0 ? 1 : 0;
