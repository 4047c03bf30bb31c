import type { ServingEvent, SettledEvent, StepEvent } from '../core/events';
import type { RequestId } from '../core/request';
import type { RequestRecord, SentRequest } from '../core/request-record';

type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

interface Entry {
  readonly record: OpenRecord;
  lastToken: number | null;
}

/**
 * The requests that are under way: opened when they are sent, written by the server's events, handed out and forgotten
 * when they settle. Events of ids that it was not told of are ignored.
 */
export class Ledger {
  readonly #open = new Map<RequestId, Entry>();
  readonly #onGap: (ms: number) => void;
  #queued = 0;
  #sealed = 0;
  #running = 0;

  /** @param onGap gets every gap between two tokens of one request, in ms */
  constructor(onGap: (ms: number) => void = () => {}) {
    this.#onGap = onGap;
  }

  /** Sent and not settled. */
  get inFlight(): number {
    return this.#open.size;
  }

  /** Of them, in the server's queue. */
  get queued(): number {
    return this.#queued;
  }

  /** Of them, in sealed batches that the runner has not taken. */
  get sealed(): number {
    return this.#sealed;
  }

  /** Of them, dispatched: after a `started` event, the members of the batch that runs now. */
  get running(): number {
    return this.#running;
  }

  sent({ id, scheduled, sent, promptTokens, sequences }: SentRequest): void {
    const record: OpenRecord = {
      id,
      scheduled,
      sent,
      enqueued: null,
      batched: null,
      started: null,
      firstToken: null,
      finished: null,
      batchSize: null,
      promptTokens,
      outputTokens: 0,
      sequences,
      outcome: null,
      finishReason: null,
    };
    this.#open.set(id, { record, lastToken: null });
  }

  /** @returns the record that this event completes, or null */
  fold(event: ServingEvent): RequestRecord | null {
    switch (event.type) {
      case 'enqueued':
        this.#stamp([event.id], (record) => {
          record.enqueued = event.at;
          this.#queued += 1;
        });
        return null;
      case 'batched':
        this.#stamp(event.ids, (record) => {
          this.#leaveQueue(record);
          record.batched = event.at;
          this.#sealed += 1;
        });
        return null;
      case 'started':
        this.#stamp(event.ids, (record) => {
          this.#leaveSealed(record);
          record.started = event.at;
          this.#running += 1;
        });
        this.#stamp(event.ids, (record) => {
          record.batchSize = this.#running;
        });
        return null;
      case 'step':
        this.#foldStep(event);
        return null;
      case 'received':
        this.#token(event.id, event.sequence, event.at);
        return null;
      case 'counted':
        this.#stamp([event.id], (record) => {
          record.outputTokens = event.outputTokens;
          record.promptTokens = event.promptTokens ?? record.promptTokens;
        });
        return null;
      case 'settled':
        return this.#settle(event);
      case 'configured':
      case 'status':
      case 'dropped':
      case 'memory':
        return null;
    }
  }

  #stamp(ids: readonly RequestId[], write: (record: OpenRecord) => void): void {
    for (const id of ids) {
      const entry = this.#open.get(id);
      if (entry) write(entry.record);
    }
  }

  /** The tokens of all of a request's sequences count; the gaps between tokens are those of its first. */
  #foldStep({ ids, sequences, at }: StepEvent): void {
    ids.forEach((id, i) => {
      this.#token(id, sequences[i], at);
    });
  }

  #token(id: RequestId, sequence: number | undefined, at: number): void {
    const entry = this.#open.get(id);
    if (!entry) return;
    entry.record.outputTokens += 1;
    entry.record.firstToken ??= at;
    if (sequence !== 0) return;
    if (entry.lastToken !== null) this.#onGap(at - entry.lastToken);
    entry.lastToken = at;
  }

  #settle({ id, at, settlement }: SettledEvent): RequestRecord | null {
    const entry = this.#open.get(id);
    if (!entry) return null;
    this.#open.delete(id);
    const { record } = entry;
    this.#leaveQueue(record);
    this.#leaveSealed(record);
    if (record.started !== null) this.#running -= 1;
    record.finished = at;
    record.outcome = settlement.outcome;
    if (settlement.outcome === 'completed') record.finishReason = settlement.finishReason;
    return record;
  }

  #leaveQueue(record: RequestRecord): void {
    if (record.enqueued !== null && record.batched === null) this.#queued -= 1;
  }

  #leaveSealed(record: RequestRecord): void {
    if (record.batched !== null && record.started === null) this.#sealed -= 1;
  }
}
