import type { RequestRecord } from '../metrics/ledger';
import type { BenchOptions, BenchResult, BenchSummary } from './bench';

type Time = 'scheduled' | 'sent' | 'enqueued' | 'batched' | 'started' | 'firstToken' | 'finished';

/** `requests.csv`: a line per request. Times in ms from the repeat's first `scheduled`, empty where it never got there. */
const COLUMNS = [
  'policy',
  'max_batch',
  'max_wait_ms',
  'repeat',
  'id',
  'scheduled_ms',
  'sent_ms',
  'enqueued_ms',
  'batched_ms',
  'started_ms',
  'first_token_ms',
  'finished_ms',
  'batch_size',
  'prompt_tokens',
  'output_tokens',
  'outcome',
] as const;

const TIMES: readonly Time[] = [
  'scheduled',
  'sent',
  'enqueued',
  'batched',
  'started',
  'firstToken',
  'finished',
];

export function requestsCsv({ summary, records }: BenchResult): string {
  const { policy, maxBatch, maxWaitMs } = summary.config;
  const lines = [COLUMNS.join(',')];
  records.forEach((repeat, index) => {
    const start = repeat.reduce(
      (first, { scheduled }) => Math.min(first, scheduled),
      Number.POSITIVE_INFINITY,
    );
    for (const record of repeat) {
      lines.push([policy, maxBatch, maxWaitMs, index + 1, ...cellsOf(record, start)].join(','));
    }
  });
  return `${lines.join('\n')}\n`;
}

function cellsOf(record: RequestRecord, start: number): (string | number)[] {
  const times = TIMES.map((time) => {
    const at = record[time];
    return at === null ? '' : (at - start).toFixed(3);
  });
  const { id, batchSize, promptTokens, outputTokens, outcome } = record;
  return [id, ...times, batchSize ?? '', promptTokens, outputTokens, outcome ?? ''];
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
  readonly seed: number;
  readonly revision: string;
  readonly model: BenchSummary['model'];
  readonly adapter: BenchSummary['adapter'];
  readonly started_at: string;
  readonly finished_at: string;
}

export function manifestOf(
  { summary, options, warmupRequests, clipped, trace, endedEarly }: BenchResult,
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
