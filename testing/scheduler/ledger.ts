import type { RequestId, ServingRequest, Settlement } from '../../src/core/request';
import type { RunnerStatus } from '../../src/core/runner-status';
import type { ServingConfig } from '../../src/core/serving-config';
import type { Entry, World } from './world';

export interface Queued {
  readonly request: ServingRequest;
  readonly enqueuedAt: number;
  /** Of all that were ever queued, which one. */
  readonly order: number;
}

/** State of every request, derived from the events alone; simple rather than fast. */
export class Ledger {
  config = {} as ServingConfig;
  status: RunnerStatus = 'ready';
  readonly enqueued = new Map<RequestId, Queued>();
  readonly queue = new Set<RequestId>();
  /** Members of the batches that are sealed and have not come to the runner, in the order of sealing. */
  readonly sealed = new Map<number, RequestId[]>();
  readonly running = new Set<RequestId>();
  readonly ends = new Map<RequestId, Settlement>();
  /** Passes handed over to the device in use. */
  passes: Extract<Entry, { type: 'pass' }>[] = [];

  /** The queue in the order in which it should go. */
  line(): Queued[] {
    const { agingMs } = this.config;
    const rank = ({ request: { priority }, enqueuedAt }: Queued) =>
      agingMs > 0 ? enqueuedAt - priority * agingMs : -priority;
    return this.queued().sort((a, b) => rank(a) - rank(b) || a.order - b.order);
  }

  /** In the order of arrival. */
  queued(): Queued[] {
    return [...this.queue].map((id) => this.enqueued.get(id) as Queued);
  }

  /** Those who wait, queued or sealed. */
  waiting(): Queued[] {
    const sealed = [...this.sealed.values()].flat().filter((id) => !this.ends.has(id));
    return [...sealed, ...this.queue].map((id) => this.enqueued.get(id) as Queued);
  }

  /** Unfinished sequences of the running requests. */
  get sequences(): number {
    return [...this.running].reduce((sum, id) => sum + (this.enqueued.get(id)?.request.sequences ?? 0), 0);
  }

  apply(entry: Entry, submitted: World['submitted']): void {
    switch (entry.type) {
      case 'configured':
        this.config = entry.config;
        break;
      case 'status':
        this.status = entry.status;
        if (entry.status === 'lost') this.passes = [];
        break;
      case 'enqueued': {
        const request = submitted.get(entry.id) as ServingRequest;
        this.enqueued.set(entry.id, { request, enqueuedAt: entry.at, order: this.enqueued.size });
        this.queue.add(entry.id);
        break;
      }
      case 'batched':
        for (const id of entry.ids) this.queue.delete(id);
        this.sealed.set(entry.batch, [...(this.sealed.get(entry.batch) ?? []), ...entry.ids]);
        break;
      case 'dropped':
        this.#leave(entry.batch, entry.ids);
        break;
      case 'started':
        this.#leave(entry.batch, entry.ids);
        for (const id of entry.ids) this.running.add(id);
        break;
      case 'settled':
        this.queue.delete(entry.id);
        this.running.delete(entry.id);
        this.ends.set(entry.id, entry.settlement);
        break;
      case 'pass':
        this.passes.push(entry);
    }
  }

  #leave(batch: number, ids: readonly RequestId[]): void {
    const left = (this.sealed.get(batch) ?? []).filter((id) => !ids.includes(id));
    if (left.length > 0) this.sealed.set(batch, left);
    else this.sealed.delete(batch);
  }
}

/** Goes through what was said and done. @param check is told the state before each entry */
export function follow(
  { log, submitted }: World,
  check: (entry: Entry, ledger: Ledger, index: number) => void,
): Ledger {
  const ledger = new Ledger();
  for (const [index, entry] of log.entries()) {
    check(entry, ledger, index);
    ledger.apply(entry, submitted);
  }
  return ledger;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

export const microBatchesOf = (batch: readonly ServingRequest[], size: number): number =>
  sum(batch.map(({ sequences }) => (size > 0 ? Math.ceil(sequences / size) : 1)));

/** How many of the line may leave together, by the letter of the limits: the longest beginning that keeps them all. */
export function longestBatch(
  line: readonly ServingRequest[],
  { maxBatchTokens, maxMicroBatches, microBatchSize }: ServingConfig,
  members: number,
  sequences = Number.POSITIVE_INFINITY,
): number {
  const keeps = (batch: readonly ServingRequest[]) => {
    const rows = sum(batch.map((request) => request.sequences));
    if (batch.length > members || rows > sequences) return false;
    if (batch.length === 1) return true;
    const longest = Math.max(...batch.map(({ prompt, maxNewTokens }) => prompt.length + maxNewTokens));
    const tooMany = maxMicroBatches > 0 && microBatchesOf(batch, microBatchSize) > maxMicroBatches;
    return !tooMany && (maxBatchTokens === 0 || longest * rows <= maxBatchTokens);
  };
  let count = 0;
  while (count < line.length && keeps(line.slice(0, count + 1))) count += 1;
  return count;
}
