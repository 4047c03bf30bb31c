import type { ServingEvent } from '../core/events';
import type { Counters, RunSummary, Slo } from '../core/figures';
import type { RequestId } from '../core/request';
import type { RequestRecord, SentRequest } from '../core/request-record';
import { EventCounter } from './counters';
import { Ledger } from './ledger';
import { ExactSample } from './samples';
import { steadyState } from './saturation';
import { figuresOf, Tally } from './tally';
import { isSloSet, meetsSlo } from './timings';

/**
 * One measured run: told of the requests that belong to it, it folds the server's events into their records and the
 * run's figures. Requests that it was not told of (warm-up, a visitor's own) leave no record. Batches and decode rows
 * are counted where one of its requests is concerned.
 */
export class RunRecorder {
  readonly #ledger = new Ledger();
  readonly #ids = new Set<RequestId>();
  readonly #settled: RequestRecord[] = [];
  readonly #tally = new Tally(() => new ExactSample());
  readonly #counter = new EventCounter();

  /** Requests settled so far. */
  get done(): number {
    return this.#settled.length;
  }

  sent(request: SentRequest): void {
    this.#ids.add(request.id);
    this.#ledger.sent(request);
    this.#tally.countSent(request);
  }

  fold(event: ServingEvent): void {
    const settled = this.#ledger.fold(event);
    if (this.#ids.size === 0) return;
    this.#counter.fold(event);
    if (settled) {
      this.#settled.push(settled.record);
      this.#tally.countSettled(settled);
    } else if (event.type === 'step') this.#tally.countStep(event);
    else if (event.type === 'started' && event.ids.some((id) => this.#ids.has(id)))
      this.#tally.countBatch(this.#ledger.running);
    else if (event.type === 'dropped')
      this.#tally.staleDropped += event.ids.filter((id) => this.#ids.has(id)).length;
  }

  /** Those settled, in the order of sending and numbered by it from 1, so that runs compare request by request. */
  records(): RequestRecord[] {
    return this.#settled
      .toSorted((a, b) => a.id - b.id)
      .map((record, index) => ({ ...record, id: index + 1 }));
  }

  /** `batchFill[n]` = batches of n members dispatched; index 0 is unused. */
  get batchFill(): readonly number[] {
    return this.#tally.batchFill;
  }

  /** What the server decided from the first request of the run on, be it about one of them or another. */
  get counters(): Counters {
    return this.#counter.counts;
  }

  /** @param meanGapMs from one arrival to the next at the end of the run, ms; null for a closed loop */
  summary(slo: Slo, meanGapMs: number | null): RunSummary {
    const records = this.#settled;
    const seconds = intervalMs(records, meanGapMs) / 1000;
    const offered = records.length;
    const good =
      isSloSet(slo) && offered > 0 ? records.filter((record) => meetsSlo(record, slo)).length : null;
    return {
      ...figuresOf(this.#tally, { seconds, offered, good, goodSeconds: seconds }),
      ...steadyState(records, meanGapMs === null),
    };
  }
}

/**
 * What rates are over. In a closed loop from the first sending to the last settlement. In an open loop from the first
 * scheduled time to the last settlement, or to when the next request would have been due if that is later: n requests at
 * even gaps were offered over n gaps, not n − 1.
 */
function intervalMs(records: readonly RequestRecord[], meanGapMs: number | null): number {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { scheduled, sent, finished } of records) {
    first = Math.min(first, meanGapMs === null ? sent : scheduled);
    last = Math.max(last, finished ?? last, meanGapMs === null ? last : scheduled + meanGapMs);
  }
  return last - first;
}
