import type { ServingEvent, StepEvent } from '../core/events';
import type { Outcome } from '../core/request';
import { noOutcomes } from './slot';

/** How often the server decided what. */
export interface Counters {
  /** Requests that got a place in the queue. */
  readonly accepted: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Batches sealed; of them, those whose wait for company was cut short, since they were full or at a limit. */
  readonly batches: number;
  readonly closedEarly: number;
  /** Requests in them, refills included; their micro-batches, as `maxMicroBatches` counts them. */
  readonly batched: number;
  readonly microBatches: number;
  /** Of these requests, those that went before one that had come earlier, by their priority. */
  readonly overtook: number;
  /** Batches that reached the runner. */
  readonly dispatched: number;
  /** Members of sealed batches that had gone when the runner took them, and requests that took their places. */
  readonly staleDropped: number;
  readonly refilled: number;
  /** Forward passes. */
  readonly prefills: number;
  readonly decodes: number;
  /** Of the prefills, chunks of a prompt that were not its last. */
  readonly prefillChunks: number;
  /** Tokens that clients received. */
  readonly tokens: number;
  /** Decoded rows that nobody was waiting for: their request had ended (padding, or passes under way), or its client had gone. */
  readonly wastedFinished: number;
  readonly wastedGone: number;
  readonly deviceLosses: number;
}

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
      case 'settled':
        this.#outcomes[event.settlement.outcome] += 1;
        return;
      case 'status':
        if (event.status === 'lost') counts.deviceLosses += 1;
        return;
      case 'configured':
      case 'memory':
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
