import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions, BenchResult } from '../src/core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../src/core/load-config';
import { printable } from '../src/core/text';
import type { Trace } from '../src/core/trace';
import { manifestOf, requestsCsv } from '../src/experiments/files';
import { sendLagWarning } from '../src/traffic/send-lag';
import { cutTrace } from '../src/traffic/traces/cut-trace';
import { sayTrace } from '../src/traffic/traces/trace-preview';
import { BENCH_OPTIONS, benchPlan, playedPart } from './bench-options';
import type { Command } from './command';
import { pageChoice } from './common-options';
import { givePrompts, giveTrace, readPromptSet, readTrace } from './input';
import { libraries, outFolder } from './out-folder';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import { createProgress, type Progress } from './progress';
import { benchTarget, complianceNotes, runtimeName } from './remote/bench-target';
import { targetChoice, withoutSecrets } from './remote/target-options';
import type { Session } from './session';
import { summaryTable } from './summary-table';
import { runSweep } from './sweep';

declare const window: PageWindow;

/** `bench`: one configuration, measured; with several values of an option, a sweep over them. */
export const bench: Command = {
  says: 'Measures one configuration and prints throughput, latencies and batch fill. Options with several values (--rate 10,20,40) make a sweep.',
  options: BENCH_OPTIONS,
  async run(values, args) {
    const trace = await readTrace(values.get('--trace'), playedPart(values));
    const prompts = readPromptSet(values.get('--prompts'));
    const plan = benchPlan(values, trace?.trace ?? null);
    if (plan.kind === 'sweep') return runSweep(plan.grid, { values, args, trace, prompts });
    const asked = plan.options;
    const folder = values.get('--out');
    const out = folder === undefined ? null : outFolder(folder);
    const progress = createProgress();
    const report = (result: BenchResult, browser: string) => {
      for (const note of notesOn(result)) progress.say(note);
      const written = out ? writeFiles(out, result, browser, args) : [];
      const json = values.has('--json');
      process.stdout.write(
        printable(json ? `${JSON.stringify(result.summary)}\n` : summaryTable(result.summary, written)),
      );
      assertMeasured(asked, result, trace?.trace ?? null);
    };
    const load = changeLoadConfig(DEFAULT_LOAD_CONFIG, asked.load);
    if (trace) progress.say(sayTrace(trace.trace, load));
    const target = targetChoice(values, process.env);
    if (target) return report(await benchTarget(target, asked, { trace, prompts }, progress), runtimeName());
    // Loaded this late, so that a wrong argument is refused at once.
    const { withPage } = await import('./session');
    await withPage(pageChoice(values), progress, async (session) => {
      if (trace) await giveTrace(session, trace);
      const left = prompts && (await givePrompts(session, prompts.file));
      if (left) progress.say(left);
      report(await measure(session, asked, progress), session.browser);
    });
  },
};

/** Facts about the result that the figures do not show. */
function notesOn({
  endedEarly,
  clipped,
  trace,
  records,
  summary,
  compliance,
}: BenchResult): readonly string[] {
  const sent = records.flat().length;
  return [
    trace && trace.failed > 0
      ? `${trace.failed} requests of ${trace.name} read or wrote no token and were left out.`
      : '',
    trace && trace.unsorted > 0
      ? `${trace.unsorted} requests of ${trace.name} stood behind a later one and were put in order.`
      : '',
    clipped > 0 ? `${clipped} of ${sent} requests were too long for the model's context and were cut.` : '',
    ...(compliance ? complianceNotes(compliance) : []),
    endedEarly ?? '',
    sendLagWarning(summary.send_lag_ms, summary.send_lag_share) ?? '',
  ].filter(Boolean);
}

async function measure({ page }: Session, asked: BenchOptions, progress: Progress): Promise<BenchResult> {
  await page.exposeFunction(
    'headwayProgress',
    ({ done, total, repeat }: { done: number; total: number; repeat: number }) =>
      progress.show(
        `repeat ${repeat} of ${asked.repeats}: ${done}${total > 0 ? ` of ${total}` : ''} requests`,
      ),
  );
  const result = await sentence(page.evaluate(experiment, asked));
  progress.end();
  return result;
}

/** Runs in the page. Progress leaves it four times a second: each message costs the page some time. */
async function experiment(asked: BenchOptions): Promise<BenchResult> {
  let shown = 0;
  return window.headway.runExperiment(asked, (progress) => {
    if (performance.now() - shown < 250) return;
    shown = performance.now();
    window.headwayProgress(progress);
  });
}

function writeFiles(
  folder: string,
  result: BenchResult,
  browser: string,
  args: readonly string[],
): readonly string[] {
  const manifest = manifestOf(result, {
    browser,
    libraries: libraries(),
    arguments: withoutSecrets(args),
  });
  const files = {
    'summary.json': `${JSON.stringify(result.summary, null, 2)}\n`,
    'requests.csv': requestsCsv(result),
    'manifest.json': `${JSON.stringify(manifest, null, 2)}\n`,
  };
  return Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
}

/** @throws Error when a repeat lacks requests or outcomes, or completed nothing */
function assertMeasured(asked: BenchOptions, { records }: BenchResult, trace: Trace | null): void {
  const { requests, repeats } = asked;
  // A trace may have fewer requests, and the notes say so.
  const most = trace
    ? cutTrace(trace, changeLoadConfig(DEFAULT_LOAD_CONFIG, asked.load)).length
    : Number.POSITIVE_INFINITY;
  if (records.length !== repeats)
    throw new Error(`${repeats} repeats were asked for; ${records.length} ran.`);
  records.forEach((repeat, index) => {
    const wanted = requests === null ? repeat.length : Math.min(requests, most);
    const settled = repeat.filter(({ outcome }) => outcome !== null).length;
    if (repeat.length !== wanted || settled !== wanted) {
      throw new Error(
        `Repeat ${index + 1} was to measure ${wanted} requests; ${repeat.length} were sent and ${settled} settled.`,
      );
    }
    if (!repeat.some(({ outcome }) => outcome === 'completed')) {
      throw new Error(
        `Repeat ${index + 1} completed none of its ${wanted} requests: there is nothing to report.`,
      );
    }
  });
}
