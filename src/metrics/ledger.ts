import type { ServingEvent, SettledEvent, StepEvent } from '../core/events';
import type { RequestId } from '../core/request';
import type { RequestRecord, SentRequest } from '../core/request-record';
import { nearestRank } from './percentiles';

type OpenRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

interface Entry {
  readonly record: OpenRecord;
  readonly tokens: number[][];
}

/** A request that has ended. */
export interface Settled {
  readonly record: RequestRecord;
  /** When its tokens came, by sequence, ms. */
  readonly tokens: TokenTimes;
}

export type TokenTimes = readonly (readonly number[])[];

/** Gets the time from each token to the next of its sequence, ms. */
export function eachGap(tokens: TokenTimes, tell: (ms: number) => void): void {
  for (const times of tokens) {
    for (let i = 1; i < times.length; i++) tell((times[i] ?? 0) - (times[i - 1] ?? 0));
  }
}

/**
 * The mean over the sequences of at least two tokens of (last − first) / (tokens − 1), ms; null without one. Where a server
 * counted more tokens than it sent pieces, each piece stands for as many.
 */
function tpotOf(tokens: TokenTimes, outputTokens: number): number | null {
  const pieces = tokens.reduce((sum, times) => sum + times.length, 0);
  let [sum, sequences] = [0, 0];
  for (const times of tokens) {
    const count = (times.length * outputTokens) / pieces;
    if (times.length < 2 || count < 2) continue;
    sum += ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (count - 1);
    sequences += 1;
  }
  return sequences > 0 ? sum / sequences : null;
}

/** Null without a gap. The nearest rank of fewer than a hundred gaps is the longest of them. */
function itlP99Of(tokens: TokenTimes): number | null {
  let count = 0;
  let longest = 0;
  eachGap(tokens, (ms) => {
    count += 1;
    if (ms > longest) longest = ms;
  });
  if (count < 100) return count > 0 ? longest : null;
  const gaps: number[] = [];
  eachGap(tokens, (ms) => gaps.push(ms));
  return nearestRank(Float64Array.from(gaps).sort(), 99);
}

/**
 * The requests that are under way: opened when they are sent, written by the server's events, handed out and forgotten
 * when they settle. Events of ids that it was not told of are ignored.
 */
export class Ledger {
  readonly #open = new Map<RequestId, Entry>();
  #queued = 0;
  #sealed = 0;
  #running = 0;

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
      lastToken: null,
      finished: null,
      batchSize: null,
      promptTokens,
      outputTokens: 0,
      sequences,
      tpot: null,
      outcome: null,
      finishReason: null,
    };
    this.#open.set(id, { record, tokens: [] });
  }

  /** @returns the request that this event ends, or null */
  fold(event: ServingEvent): Settled | null {
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

  #foldStep({ ids, sequences, at }: StepEvent): void {
    for (let i = 0; i < ids.length; i++) this.#token(ids[i], sequences[i], at);
  }

  #token(id: RequestId | undefined, sequence = 0, at: number): void {
    const entry = id === undefined ? undefined : this.#open.get(id);
    if (!entry) return;
    const { record, tokens } = entry;
    record.outputTokens += 1;
    record.firstToken ??= at;
    record.lastToken = at;
    while (tokens.length <= sequence) tokens.push([]);
    tokens[sequence]?.push(at);
  }

  #settle({ id, at, settlement }: SettledEvent): Settled | null {
    const entry = this.#open.get(id);
    if (!entry) return null;
    this.#open.delete(id);
    const { record } = entry;
    this.#leaveQueue(record);
    this.#leaveSealed(record);
    if (record.started !== null) this.#running -= 1;
    record.finished = at;
    record.outcome = settlement.outcome;
    record.tpot = tpotOf(entry.tokens, record.outputTokens);
    record.itlP99 = itlP99Of(entry.tokens);
    if (settlement.outcome === 'completed') record.finishReason = settlement.finishReason;
    return entry;
  }

  #leaveQueue(record: RequestRecord): void {
    if (record.enqueued !== null && record.batched === null) this.#queued -= 1;
  }

  #leaveSealed(record: RequestRecord): void {
    if (record.batched !== null && record.started === null) this.#sealed -= 1;
  }
}
