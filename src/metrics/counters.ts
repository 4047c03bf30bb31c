import type { ServingEvent, StepEvent } from '../core/events';
import type { Counters } from '../core/figures';
import { noOutcomes } from './tally';

type Counts = { -readonly [Name in keyof Counters]: Counters[Name] };

/** Counts the server's events. */
export class EventCounter {
  readonly #counts: Counts = {
    accepted: 0,
    outcomes: noOutcomes(),
    batches: 0,
    closedEarly: 0,
    batched: 0,
    microBatches: 0,
    overtook: 0,
    dispatched: 0,
    staleDropped: 0,
    refilled: 0,
    prefills: 0,
    decodes: 0,
    prefillChunks: 0,
    tokens: 0,
    wastedFinished: 0,
    wastedGone: 0,
    deviceLosses: 0,
  };
  readonly #outcomes = noOutcomes();

  get counts(): Counters {
    return { ...this.#counts, outcomes: { ...this.#outcomes } };
  }

  fold(event: ServingEvent): void {
    const counts = this.#counts;
    switch (event.type) {
      case 'enqueued':
        counts.accepted += 1;
        return;
      case 'batched':
        if (!event.refill) counts.batches += 1;
        if (event.early) counts.closedEarly += 1;
        counts.batched += event.ids.length;
        counts.microBatches += event.microBatches;
        counts.overtook += event.overtook;
        return;
      case 'dropped':
        counts.staleDropped += event.ids.length;
        return;
      case 'started':
        counts.dispatched += 1;
        counts.refilled += event.refilled;
        return;
      case 'step':
        this.#foldStep(event);
        return;
      case 'received':
        counts.tokens += 1;
        return;
      case 'settled':
        this.#outcomes[event.settlement.outcome] += 1;
        return;
      case 'status':
        if (event.status === 'lost') counts.deviceLosses += 1;
        return;
      case 'configured':
      case 'memory':
      case 'counted':
        return;
    }
  }

  #foldStep({ phase, rows, useful, gone, answers, ids }: StepEvent): void {
    const counts = this.#counts;
    counts.tokens += ids.length;
    if (phase === 'prefill') {
      counts.prefills += 1;
      if (!answers) counts.prefillChunks += 1;
      return;
    }
    counts.decodes += 1;
    counts.wastedFinished += rows - useful - gone;
    counts.wastedGone += gone;
  }
}
