import type { Clock } from '../../core/clock';
import type { MeasuredRun, Measurement } from '../../core/experiment';
import type { LoadConfig } from '../../core/load-config';
import type { RequestId } from '../../core/request';
import type { RequestRecord } from '../../core/request-record';
import type { LoadedTrace } from '../../core/trace';
import { Backlog } from '../../metrics/backlog';
import { medianOf } from '../../metrics/percentiles';
import { RunRecorder } from '../../metrics/run-recorder';
import { latencyOf } from '../../metrics/timings';
import type { LoadGenerator, Submission } from '../../traffic/load-generator';
import { RequestSource, type Workload } from '../../traffic/request-source';
import { createRng } from '../../traffic/rng';
import { cutTrace } from '../../traffic/traces/cut-trace';
import type { Clients } from './generators';

/** What a measured run needs of the session around it. */
export interface Surroundings {
  readonly clock: Clock;
  readonly workload: Workload;
  /** Null unless a trace is played. */
  readonly trace: LoadedTrace | null;
  readonly nextId: () => RequestId;
  readonly generate: (clients: Clients) => LoadGenerator;
  readonly send: (submission: Submission) => void;
  readonly cancel: (ids: readonly RequestId[]) => void;
  /** From here on events are folded into this, too. */
  readonly record: (recorder: RunRecorder) => void;
  /** Requests done and expected. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Rates that stay as they are: their backlog grows without end. */
const STEADY: readonly string[] = ['constant', 'poisson', 'gamma'];

export interface RunInProgress {
  /** Call four times a second. */
  reportProgress(): void;
  /** Sends nothing more and gives up what is under way, which then settles as cancelled. */
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
  let joinMs = 0;
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
    const wave = Math.ceil(run.warmupRequests / 2);
    const config: LoadConfig = { ...run.load, arrival: 'closed', concurrency: wave };
    const warm = new RunRecorder();
    around.record(warm);
    generator = around.generate({
      config,
      limit: { requests: run.warmupRequests },
      next: () => warmup.next(around.nextId(), config),
      send: (submission) => send(submission, warm),
    });
    await generator.done;
    joinMs = joinMsOf(warm.records().slice(wave), run.load.concurrency);
  }

  function send(submission: Submission, to: RunRecorder): void {
    const { request, scheduled, sent: at } = submission;
    const { id, prompt, sequences } = request;
    to.sent({ id, scheduled, sent: at, promptTokens: prompt.length, sequences });
    sent.push(id);
    around.send(submission);
  }

  async function measure(): Promise<Measurement> {
    await warmUp();
    if (!aborted) {
      around.record(recorder);
      begun = clock.now();
      if (run.endHopeless && STEADY.includes(run.load.arrival)) backlog = new Backlog(begun);
      generator = around.generate({
        config: run.load,
        limit:
          run.requests === null ? { durationMs: (run.durationS ?? 0) * 1000 } : { requests: run.requests },
        joinMs,
        next: (lengths) => source.next(around.nextId(), run.load, lengths),
        send: (submission) => {
          measured += 1;
          send(submission, recorder);
        },
      });
      await generator.done;
    }
    backlog = null;
    reportProgress();
    const { batchFill, counters } = recorder;
    const summary = recorder.summary(run.slo, generator?.meanGapMs ?? null);
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
    generator?.stop();
    around.cancel(sent);
  }

  return { run: { reportProgress, abort }, result: measure() };
}

/**
 * The time between the first requests of two clients of a closed loop, ms: as long as the server takes to begin an answer,
 * so that they do not queue up for their first tokens; all within the time of one answer.
 * @param warm records of requests under the same setting
 */
function joinMsOf(warm: readonly RequestRecord[], clients: number): number {
  const beginMs = medianOf(warm.flatMap(({ started, firstToken }) => (firstToken ?? 0) - (started ?? 0)));
  const answerMs = medianOf(warm.flatMap((record) => latencyOf(record) ?? []));
  return Math.min(beginMs ?? 0, (answerMs ?? 0) / clients);
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
