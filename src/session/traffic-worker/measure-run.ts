import type { Clock } from '../../core/clock';
import type { MeasuredRun, Measurement } from '../../core/experiment';
import type { LoadConfig } from '../../core/load-config';
import type { RequestId, ServingRequest } from '../../core/request';
import type { Lengths } from '../../core/trace';
import { Backlog } from '../../metrics/backlog';
import { RunRecorder } from '../../metrics/run-recorder';
import type { LoadGenerator, LoadLimit, Submission } from '../../traffic/load-generator';
import { RequestSource, type Workload } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';
import { timeOriginOf } from '../../traffic/time-origin';
import { cutTrace } from '../../traffic/traces/cut-trace';
import type { LoadedTrace } from './read-trace-file';

/** What a measured run needs of the session around it. */
export interface Surroundings {
  readonly clock: Clock;
  readonly workload: Workload;
  /** Null unless a trace is played. */
  readonly trace: LoadedTrace | null;
  readonly nextId: () => RequestId;
  readonly generate: (
    config: LoadConfig,
    limit: LoadLimit,
    next: (lengths: Lengths | null) => ServingRequest,
    send: (submission: Submission) => void,
  ) => LoadGenerator;
  readonly send: (submission: Submission) => void;
  readonly cancel: (ids: readonly RequestId[]) => void;
  /** From here on events are folded into this, too; with null into none. */
  readonly record: (recorder: RunRecorder | null) => void;
  /** Requests done and expected. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Rates that stay as they are: what they pile up, they pile up for ever. */
const STEADY: readonly string[] = ['constant', 'poisson', 'gamma'];

export interface RunInProgress {
  /** Call four times a second. */
  reportProgress(): void;
  /** Sends nothing more and gives up what is under way, which then counts for nothing. */
  abort(): void;
}

/** Warm-up, drained; then the measured requests, drained; then their figures. */
export function measureRun(
  run: MeasuredRun,
  around: Surroundings,
): { readonly run: RunInProgress; readonly result: Promise<Measurement> } {
  const { clock } = around;
  const recorder = new RunRecorder();
  const source = new RequestSource(around.workload, createRng(run.load.seed));
  const sent: RequestId[] = [];
  let begun = Number.POSITIVE_INFINITY;
  let aborted = false;
  let measured = 0;
  let backlog: Backlog | null = null;
  let endedEarly: string | null = null;
  let generator: LoadGenerator | null = null;

  async function warmUp(): Promise<void> {
    if (run.warmupRequests === 0) return;
    // Other prompts than the measured ones, in two waves, so that what is compiled or cached on first use is.
    const warmup = new RequestSource(around.workload, createRng(run.load.seed).fork('warm-up'));
    const config: LoadConfig = {
      ...run.load,
      arrival: 'closed',
      concurrency: Math.ceil(run.warmupRequests / 2),
    };
    generator = around.generate(
      config,
      { requests: run.warmupRequests },
      () => warmup.next(around.nextId(), config),
      (submission) => {
        sent.push(submission.request.id);
        around.send(submission);
      },
    );
    await generator.done;
  }

  async function measure(): Promise<Measurement> {
    await warmUp();
    if (!aborted) {
      around.record(recorder);
      begun = clock.now();
      if (run.endHopeless && STEADY.includes(run.load.arrival)) backlog = new Backlog(begun);
      generator = around.generate(
        run.load,
        run.requests === null ? { durationMs: (run.durationS ?? 0) * 1000 } : { requests: run.requests },
        (lengths) => source.next(around.nextId(), run.load, lengths),
        (submission) => {
          const { request, scheduled, sent: at } = submission;
          const { id, prompt, sequences } = request;
          recorder.sent({ id, scheduled, sent: at, promptTokens: prompt.length, sequences });
          sent.push(id);
          measured += 1;
          around.send(submission);
        },
      );
      await generator.done;
    }
    backlog = null;
    reportProgress();
    const { batchFill, counters } = recorder;
    const summary = recorder.summary(run.slo, timeOriginOf(run.load));
    return {
      summary,
      records: recorder.records(),
      batchFill,
      counters,
      clipped: source.clipped,
      trace: around.trace?.info ?? null,
      endedEarly:
        endedEarly ?? (aborted ? 'It was stopped before all was measured.' : endOfTrace(run, around.trace)),
    };
  }

  function reportProgress(): void {
    around.onProgress(recorder.done, Math.max(recorder.done, expected()));
    endedEarly ??= backlog?.see(clock.now(), measured, recorder.done) ?? null;
    if (endedEarly !== null && !aborted) abort();
  }

  /** For a duration: as many as at the pace so far. */
  function expected(): number {
    if (run.requests !== null) return run.requests;
    const elapsed = clock.now() - begun;
    return elapsed > 0 ? Math.round((recorder.done * (run.durationS ?? 0) * 1000) / elapsed) : 0;
  }

  function abort(): void {
    aborted = true;
    around.record(null);
    generator?.stop();
    around.cancel(sent);
  }

  return { run: { reportProgress, abort }, result: measure() };
}

/** Whether a trace was over before what was asked for, as a sentence; null when it was not. */
function endOfTrace({ load, requests, durationS }: MeasuredRun, loaded: LoadedTrace | null): string | null {
  if (!loaded) return null;
  const { length, durationMs, timeOf } = cutTrace(loaded.trace, load);
  if (requests === null ? durationMs / 1000 >= (durationS ?? 0) : length >= requests) return null;
  const asked = requests === null ? `${durationS} s` : `${requests} requests`;
  const last = (timeOf(length - 1) / 1000).toFixed(1);
  return `The trace ${loaded.info.name} was over after ${length} requests, the last at ${last} s; ${asked} were asked for.`;
}
