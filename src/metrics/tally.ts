import type { StepEvent } from '../core/events';
import type { RunSummary } from '../core/figures';
import { OUTCOMES, type Outcome } from '../core/request';
import type { SentRequest } from '../core/request-record';
import { eachGap, type Settled } from './ledger';
import type { Sample } from './samples';
import { latencyOf, queueTimeOf, ttftOf } from './timings';

export const noOutcomes = (): Record<Outcome, number> =>
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** What is counted of a stretch of time: a run has one, a live window one for each of its seconds. */
export class Tally<Times extends Sample = Sample> {
  readonly latency: Times;
  readonly ttft: Times;
  readonly tpot: Times;
  readonly itl: Times;
  readonly queue: Times;
  readonly sendLag: Times;
  outcomes = noOutcomes();
  /** Of the completed requests. */
  promptTokens = 0;
  outputTokens = 0;
  /** Sums over the completed requests, ms. */
  lagMs = 0;
  latencyMs = 0;
  /** `batchFill[n]` = batches of n members dispatched; index 0 is unused. */
  batchFill: number[] = [];
  decodeRows = 0;
  usefulRows = 0;
  staleDropped = 0;

  constructor(sample: () => Times) {
    this.latency = sample();
    this.ttft = sample();
    this.tpot = sample();
    this.itl = sample();
    this.queue = sample();
    this.sendLag = sample();
  }

  get samples(): readonly Times[] {
    return [this.latency, this.ttft, this.tpot, this.itl, this.queue, this.sendLag];
  }

  get settled(): number {
    return OUTCOMES.reduce((sum, outcome) => sum + this.outcomes[outcome], 0);
  }

  countSent({ sent, scheduled }: SentRequest): void {
    this.sendLag.record(sent - scheduled);
  }

  /**
   * Times and tokens are those of completed requests alone.
   * @param timed whether its times count as well
   * @param from tokens that came before it, ms, are left out
   */
  countSettled({ record, tokens }: Settled, timed = true, from = Number.NEGATIVE_INFINITY): void {
    const { outcome, tpot } = record;
    if (outcome === null) return;
    this.outcomes[outcome] += 1;
    if (outcome !== 'completed') return;
    this.promptTokens += record.promptTokens;
    if (record.firstToken === null || record.firstToken >= from) this.outputTokens += record.outputTokens;
    else for (const times of tokens) for (const time of times) if (time >= from) this.outputTokens += 1;
    if (!timed) return;
    const latency = latencyOf(record) ?? 0;
    this.lagMs += record.sent - record.scheduled;
    this.latencyMs += latency;
    this.latency.record(latency);
    const [ttft, queue] = [ttftOf(record), queueTimeOf(record)];
    if (ttft !== null) this.ttft.record(ttft);
    if (tpot !== null) this.tpot.record(tpot);
    if (queue !== null) this.queue.record(queue);
    eachGap(tokens, (ms) => this.itl.record(ms));
  }

  countBatch(members: number): void {
    while (this.batchFill.length <= members) this.batchFill.push(0);
    this.batchFill[members] = (this.batchFill[members] ?? 0) + 1;
  }

  countStep({ phase, rows, useful }: StepEvent): void {
    if (phase !== 'decode') return;
    this.decodeRows += rows;
    this.usefulRows += useful;
  }

  /** Everything but the samples. */
  addCounts(other: Tally): void {
    for (const outcome of OUTCOMES) this.outcomes[outcome] += other.outcomes[outcome];
    this.promptTokens += other.promptTokens;
    this.outputTokens += other.outputTokens;
    this.lagMs += other.lagMs;
    this.latencyMs += other.latencyMs;
    this.decodeRows += other.decodeRows;
    this.usefulRows += other.usefulRows;
    this.staleDropped += other.staleDropped;
    other.batchFill.forEach((count, n) => {
      while (this.batchFill.length <= n) this.batchFill.push(0);
      this.batchFill[n] = (this.batchFill[n] ?? 0) + count;
    });
  }

  resetCounts(): void {
    this.outcomes = noOutcomes();
    this.batchFill = [];
    this.promptTokens = this.outputTokens = this.lagMs = this.latencyMs = 0;
    this.decodeRows = this.usefulRows = this.staleDropped = 0;
  }
}

/** What a tally does not know of its stretch of time. */
export interface Stretch {
  /** What rates are over, s; null where nothing was measured. */
  readonly seconds: number | null;
  /** Requests that were offered, and of those completed, how many met the objectives; null without an objective. */
  readonly offered: number;
  readonly good: number | null;
  /** What goodput is over, s. */
  readonly goodSeconds: number | null;
}

/** The vocabulary, computed once for runs and live windows; docs/measurement.md has the population and formula of each. */
export function figuresOf(
  tally: Tally,
  { seconds, offered, good, goodSeconds }: Stretch,
): Omit<RunSummary, 'saturation' | 'littles_law_error'> {
  const { completed, ...lost } = tally.outcomes;
  const { promptTokens, outputTokens, batchFill, decodeRows, latencyMs } = tally;
  const per = (count: number, time: number | null) => (time !== null && time > 0 ? count / time : null);
  const batches = batchFill.reduce((sum, count) => sum + count, 0);
  const members = batchFill.reduce((sum, count, n) => sum + count * n, 0);
  return {
    requests: offered,
    ok: completed,
    ...lost,
    throughput_rps: per(completed, seconds),
    throughput_tps: per(outputTokens, seconds),
    input_tps: per(promptTokens, seconds),
    total_tps: per(promptTokens + outputTokens, seconds),
    goodput_rps: good === null ? null : per(good, goodSeconds),
    slo_attainment: good === null || offered === 0 ? null : good / offered,
    latency_ms: tally.latency.percentiles(),
    latency_interval_ms: tally.latency.intervals(),
    ttft_ms: tally.ttft.percentiles(),
    ttft_interval_ms: tally.ttft.intervals(),
    tpot_ms: tally.tpot.percentiles(),
    itl_ms: tally.itl.percentiles(),
    queue_ms: tally.queue.percentiles(),
    mean_batch_fill: batches > 0 ? members / batches : null,
    wasted_token_share: decodeRows > 0 ? 1 - tally.usefulRows / decodeRows : null,
    stale_dropped: offered > 0 ? tally.staleDropped : null,
    send_lag_ms: tally.sendLag.percentiles()?.p50 ?? null,
    send_lag_share: latencyMs > 0 ? tally.lagMs / latencyMs : null,
  };
}
