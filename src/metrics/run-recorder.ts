import type { ServingEvent } from '../core/events';
import type { Counters, RunSummary, Slo, TimeOrigin } from '../core/figures';
import type { RequestId } from '../core/request';
import type { RequestRecord, SentRequest } from '../core/request-record';
import { EventCounter } from './counters';
import { GapSample } from './gap-sample';
import { Ledger } from './ledger';
import { summarize } from './summarize';

/**
 * One measured run: told of the requests that belong to it, it folds the server's events into their records and the
 * run's figures. Requests that it was not told of (warm-up, a visitor's own) leave no record. Batches and decode rows
 * are counted where one of its requests is concerned.
 */
export class RunRecorder {
  readonly #gaps = new GapSample();
  readonly #ledger = new Ledger((ms) => this.#gaps.add(ms));
  readonly #ids = new Set<RequestId>();
  readonly #settled: RequestRecord[] = [];
  readonly #batchFill: number[] = [];
  readonly #counter = new EventCounter();
  #decodeRows = 0;
  #usefulRows = 0;
  #staleDropped = 0;

  /** Requests settled so far. */
  get done(): number {
    return this.#settled.length;
  }

  sent(request: SentRequest): void {
    this.#ids.add(request.id);
    this.#ledger.sent(request);
  }

  fold(event: ServingEvent): void {
    const record = this.#ledger.fold(event);
    if (this.#ids.size > 0) this.#counter.fold(event);
    if (record) this.#settled.push(record);
    else if (event.type === 'dropped')
      this.#staleDropped += event.ids.filter((id) => this.#ids.has(id)).length;
    else if (event.type === 'started' && event.ids.some((id) => this.#ids.has(id))) {
      const members = this.#ledger.running;
      while (this.#batchFill.length <= members) this.#batchFill.push(0);
      this.#batchFill[members] = (this.#batchFill[members] ?? 0) + 1;
    } else if (event.type === 'step' && event.phase === 'decode' && this.#ids.size > 0) {
      this.#decodeRows += event.rows;
      this.#usefulRows += event.useful;
    }
  }

  /** Those settled, in the order of sending and numbered by it from 1, so that runs compare request by request. */
  records(): RequestRecord[] {
    return this.#settled
      .toSorted((a, b) => a.id - b.id)
      .map((record, index) => ({ ...record, id: index + 1 }));
  }

  /** `batchFill[n]` = batches of n members dispatched; index 0 is unused. */
  get batchFill(): readonly number[] {
    return this.#batchFill;
  }

  /** What the server decided from the first request of the run on, be it about one of them or another. */
  get counters(): Counters {
    return this.#counter.counts;
  }

  summary(slo: Slo, origin: TimeOrigin): RunSummary {
    return summarize(this.#settled, {
      slo,
      origin,
      itl: this.#gaps.percentiles(),
      batchFill: this.#batchFill,
      decodeRows: this.#decodeRows,
      usefulRows: this.#usefulRows,
      staleDropped: this.#staleDropped,
    });
  }
}
