import type { Disturbance } from '../../core/disturbance';
import type { BenchOptions, BenchResult, BenchSummary } from '../../core/experiment';
import { csv } from './csv';
import { REQUEST_COLUMNS, requestCells } from './request-cells';

/** `requests.csv` of a bench: a line per request. */
export function requestsCsv({ summary, records }: BenchResult): string {
  const { policy, maxBatch, maxWaitMs } = summary.config;
  return csv(
    ['policy', 'max_batch', 'max_wait_ms', ...REQUEST_COLUMNS],
    records.flatMap((repeat, index) =>
      requestCells(repeat, index + 1).map((cells) => [policy, maxBatch, maxWaitMs, ...cells]),
    ),
  );
}

/** What only the one who drives the page knows. */
export interface ManifestFacts {
  /** Name and version. */
  readonly browser: string;
  /** Exact versions by name. */
  readonly libraries: Readonly<Record<string, string>>;
  /** Every argument of the command line. */
  readonly arguments: readonly string[];
}

/** `manifest.json`: enough to run it again. */
export interface Manifest extends ManifestFacts {
  readonly config: BenchSummary['config'];
  readonly slo: BenchOptions['slo'];
  readonly requests: number | null;
  readonly duration_s: number | null;
  readonly repeats: number;
  readonly warmup_requests: number;
  /** Requests whose forced lengths were cut to fit the context. */
  readonly clipped: number;
  /** What was played, by name and hash; null for any other arrivals. */
  readonly trace: BenchResult['trace'];
  readonly ended_early: string | null;
  /** What disturbed any of its repeats from outside. */
  readonly disturbed: readonly Disturbance[];
  readonly seed: number;
  readonly revision: string;
  readonly model: BenchSummary['model'];
  readonly adapter: BenchSummary['adapter'];
  readonly started_at: string;
  readonly finished_at: string;
}

export function manifestOf(
  { summary, options, warmupRequests, clipped, trace, endedEarly, disturbed }: BenchResult,
  facts: ManifestFacts,
): Manifest {
  return {
    config: summary.config,
    slo: options.slo,
    requests: options.requests,
    duration_s: options.durationS,
    repeats: summary.repeats,
    warmup_requests: warmupRequests,
    clipped,
    trace,
    ended_early: endedEarly,
    disturbed,
    seed: summary.seed,
    revision: summary.revision,
    model: summary.model,
    adapter: summary.adapter,
    started_at: summary.started_at,
    finished_at: summary.finished_at,
    browser: facts.browser,
    libraries: facts.libraries,
    arguments: facts.arguments,
  };
}
