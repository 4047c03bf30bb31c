import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { help, parse } from '../cli/parse';
import { createProgress, type Progress } from '../cli/progress';
import { UsageError } from '../cli/usage-error';
import { ROOT } from '../scripts/build';
import { revision } from '../scripts/revision';
import { isSynthetic } from '../src/model/synthetic/spec';
import { BENCH_OPTIONS, type BenchChoice, benchChoice } from './options';
import type { BackendReport, Benchmark } from './report/benchmark';
import { withBenchmark } from './report/docs';
import { benchmarkMarkdown } from './report/markdown';

/** `npm run bench`. Exit code 0: all was measured; 1: something failed, and the table says what; 2: a wrong argument. */
const SAYS =
  'Measures decode steps, ceilings, policies and transformers.js on this machine, and writes a table.';

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    return void process.stdout.write(help('bench -- [options]', SAYS, BENCH_OPTIONS));
  }
  const choice = benchChoice(parse(BENCH_OPTIONS, args));
  mkdirSync(choice.out, { recursive: true });
  if (choice.gpuProof) {
    if (!(await proveGpu(choice, createProgress()))) process.exitCode = 1;
    return;
  }
  const benchmark = await measure(choice, args, createProgress());
  process.stdout.write(benchmarkMarkdown(benchmark));
  if (choice.docs) {
    const file = join(ROOT, 'docs', 'benchmark.md');
    writeFileSync(file, withBenchmark(readFileSync(file, 'utf8'), benchmarkMarkdown(benchmark)));
  }
  if (JSON.stringify(benchmark).includes('"failed":')) process.exitCode = 1;
}

async function proveGpu(choice: BenchChoice, progress: Progress): Promise<boolean> {
  progress.say('building the pages');
  const [{ hostPages }, { gpuProof }] = await Promise.all([import('./page-host'), import('./gpu-proof')]);
  const host = await hostPages(choice, progress.say);
  try {
    return await gpuProof(choice, host, progress);
  } finally {
    await host.close();
  }
}

async function measure(choice: BenchChoice, args: readonly string[], progress: Progress): Promise<Benchmark> {
  const started_at = new Date().toISOString();
  const cores = cpus();
  progress.say('building the pages');
  // Loaded this late, so that a wrong argument is refused at once.
  const [{ hostPages }, { measureBackend }] = await Promise.all([
    import('./page-host'),
    import('./measure-backend'),
  ]);
  const host = await hostPages(choice, progress.say);
  try {
    const url = isSynthetic(choice.model) ? choice.model : new URL(choice.model, host.url).href;
    const backends: BackendReport[] = [];
    const soFar = (): Benchmark => ({
      model: isSynthetic(choice.model) ? choice.model : (url.split('/').at(-2) ?? url),
      browser: host.browser,
      machine: { cpu: cores[0]?.model.trim() ?? 'unknown', cores: cores.length },
      revision: revision(),
      started_at,
      finished_at: new Date().toISOString(),
      arguments: args,
      backends,
    });
    for (const kind of choice.backends) {
      const budgetMs = choice.minutes[kind] * 60_000;
      const section = { kind, url, host, choice: choice.page(kind), progress, budgetMs };
      backends.push(await measureBackend(section, choice.sections));
      progress.end();
      write(choice.out, soFar());
    }
    return soFar();
  } finally {
    await host.close();
  }
}

/** After each backend, so that an interrupted run leaves what it had. */
function write(folder: string, benchmark: Benchmark): void {
  writeFileSync(join(folder, 'benchmark.md'), benchmarkMarkdown(benchmark));
  writeFileSync(join(folder, 'benchmark.json'), `${JSON.stringify(benchmark, null, 2)}\n`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
// A browser that hangs may hold this process after its work is done; it is ended with it.
setTimeout(() => process.exit(), 1_000).unref();
