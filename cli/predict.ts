import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../src/core/calibration';
import type { BenchOptions } from '../src/core/experiment';
import type { Trace } from '../src/core/trace';
import {
  calibrationLadder,
  errorOf,
  medianErrors,
  type Predicted,
  predictBench,
  spreadOfRepeats,
} from '../src/experiments/predict';
import { predictedRun } from '../src/experiments/predicted-run';
import { playedPart } from './bench-options';
import type { Command } from './command';
import { pageChoice } from './common-options';
import { giveTrace, readTrace } from './input';
import { outFolder } from './out-folder';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import { PREDICT_OPTIONS, type PredictAsked, predictAsked } from './predict-options';
import { type PredictedCell, type Prediction, predictTable } from './predict-table';
import { createProgress, type Progress } from './progress';
import type { Session } from './session';

declare const window: PageWindow;

/** `predict`: what a configuration would do, answered by the twin of the machine. */
export const predict: Command = {
  says: 'Predicts throughput and tail latency of one or many configurations from a few seconds of calibration.',
  options: PREDICT_OPTIONS,
  async run(values, args) {
    const trace = await readTrace(values.get('--trace'), playedPart(values));
    const asked = predictAsked(values, trace?.trace ?? null);
    const folder = values.get('--out');
    const out = folder === undefined ? null : outFolder(folder);
    const progress = createProgress();
    const inPage = async (session: Session | null) => {
      if (trace && session) await giveTrace(session, trace);
      const calibration = asked.calibration ?? (await calibrate(mustHave(session), asked, progress));
      const { prediction, results } = await predictAll(
        asked,
        calibration,
        trace?.trace ?? null,
        session,
        progress,
      );
      if (out) {
        const write = (name: string, content: unknown) =>
          writeFileSync(join(out, name), `${JSON.stringify(content, null, 2)}\n`);
        write('predict.json', prediction);
        write('calibration.json', calibration);
        await drawPlots(
          mustHave(session),
          out,
          predictedRun(results, asked.axes, calibration, args),
          progress,
        );
      }
      progress.end();
      process.stdout.write(
        values.has('--json') ? `${JSON.stringify(prediction)}\n` : predictTable(prediction),
      );
    };
    if (asked.calibration && !asked.verify && !out) return inPage(null);
    // Loaded this late, so that a wrong argument is refused at once.
    const { withPage } = await import('./session');
    const choice = pageChoice(new Map([...values].filter(([flag]) => !GRID_FLAGS.has(flag))));
    await withPage({ ...choice, serving: { ...choice.serving, maxBatch: widest(asked) } }, progress, inPage);
  },
};

const GRID_FLAGS = new Set(
  PREDICT_OPTIONS.flatMap((option) => (option.kind === 'parameter' && option.list ? [option.flag] : [])),
);

const widest = ({ cells }: PredictAsked) => Math.max(...cells.map(({ serving }) => serving.maxBatch));

function mustHave(session: Session | null): Session {
  if (session) return session;
  throw new Error('No page was opened.');
}

/** A program's load names no rate for clients that wait for their answers. */
function askable(options: BenchOptions): BenchOptions {
  if (options.load.arrival !== 'closed') return options;
  const { rate: _, ...load } = options.load;
  return { ...options, load };
}

/** Short runs of the settings' own kind, from which the costs of steps are fitted. */
async function calibrate(session: Session, asked: PredictAsked, progress: Progress): Promise<Calibration> {
  const [first] = asked.cells;
  if (!first) throw new Error('There is no cell to calibrate for.');
  const serving = { ...first.serving, maxBatch: widest(asked) };
  const rungs = calibrationLadder(serving, first.load, asked.calibrateS);
  for (const [index, rung] of rungs.entries()) {
    progress.show(`calibrating: ${index + 1} of ${rungs.length}`);
    await sentence(session.page.evaluate((options) => window.headway.runExperiment(options), askable(rung)));
  }
  const calibration = await sentence(session.page.evaluate(() => window.headway.calibration()));
  if (!calibration)
    throw new Error('Too few steps were run to fit what they cost; give --calibrate-s more seconds.');
  return calibration;
}

async function predictAll(
  { cells, fleet, verify }: PredictAsked,
  calibration: Calibration,
  trace: Trace | null,
  session: Session | null,
  progress: Progress,
): Promise<{ readonly prediction: Prediction; readonly results: readonly Predicted[] }> {
  const predicted: PredictedCell[] = [];
  const results: Predicted[] = [];
  let requests = 0;
  let seconds = 0;
  for (const [index, options] of cells.entries()) {
    progress.show(`${verify ? 'predicting and measuring' : 'predicting'}: ${index + 1} of ${cells.length}`);
    const started = performance.now();
    const prediction = await predictBench(options, calibration, { fleet, trace });
    const { result, extrapolated } = prediction;
    seconds += (performance.now() - started) / 1000;
    requests += prediction.requests;
    results.push(prediction);
    const measured =
      verify && session
        ? await sentence(
            session.page.evaluate((asked) => window.headway.runExperiment(asked), askable(options)),
          )
        : null;
    const { serving, load } = options;
    predicted.push({
      policy: serving.policy,
      max_batch: serving.maxBatch,
      max_wait_ms: serving.maxWaitMs,
      arrival: load.arrival ?? 'closed',
      ...(load.arrival === 'closed' ? { concurrency: load.concurrency ?? 0 } : { rate: load.rate ?? 0 }),
      replicas: fleet.replicas,
      extrapolated: extrapolated.length > 0 ? extrapolated : false,
      predicted: result.summary,
      measured: measured?.summary ?? null,
      error: measured && errorOf(result.summary, measured.summary),
      measured_spread: measured && spreadOfRepeats(measured),
    });
  }
  const { kind, steps, seconds: calibrated, terms, residual_p50, residual_p95, adapter, model } = calibration;
  const errors = predicted.map(({ error }) => error).filter((error) => error !== null);
  return {
    prediction: {
      calibration: { kind, steps, seconds: calibrated, terms, residual_p50, residual_p95, adapter, model },
      cells: predicted,
      errors: errors.length > 0 ? medianErrors(errors) : null,
      simulated_requests: requests,
      simulate_s: seconds,
    },
    results,
  };
}

async function drawPlots(
  session: Session,
  out: string,
  run: ReturnType<typeof predictedRun>,
  progress: Progress,
): Promise<void> {
  progress.show('drawing');
  const files = await sentence(
    session.page.evaluate(async (given) => {
      const { id } = await window.headway.importRun(given);
      return window.headway.exportRun(id);
    }, run),
  );
  for (const file of files) {
    if (file.name.endsWith('.png') && 'base64' in file)
      writeFileSync(join(out, file.name), Buffer.from(file.base64, 'base64'));
  }
}
