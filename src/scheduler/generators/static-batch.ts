import type { Backend } from '../../core/backend';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ForwardPass, InferenceGenerator, StepResult } from './generator';
import { cancelRows, commitTokens, failRows, newRow, type Row } from './row';

/**
 * The classic batch: the tasks that wait when a batch starts run together, row i in slot i, until the last member has
 * ended. Rows that end early are computed on as padding; tasks that come meanwhile wait for the next batch.
 */
export class StaticBatchGenerator implements InferenceGenerator {
  readonly #backend: Backend;
  readonly #cancelled = new Set<RequestId>();
  #waiting: Row[] = [];
  #batch: Row[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  room(maxBatch: number): number {
    return this.#batch.length > 0 ? 0 : Math.max(0, maxBatch - this.#waiting.length);
  }

  get size(): number {
    return this.#waiting.length + live(this.#batch);
  }

  submit(task: ServingRequest): void {
    this.#waiting.push(newRow(task));
  }

  cancel(id: RequestId): void {
    const holds = (row: Row) => row.task.id === id && !row.done;
    if (this.#waiting.some(holds) || this.#batch.some(holds)) this.#cancelled.add(id);
  }

  async step(): Promise<StepResult> {
    const cancelled = this.#applyCancellations();
    const pass = this.#plan();
    if (!pass) return { pass, events: cancelled };
    const rows = this.#batch;
    let events = cancelled;
    try {
      const tokens = await this.#run(pass, rows);
      events = [...cancelled, ...commitTokens(rows, tokens, this.#backend.capabilities.eosTokens)];
    } catch (error) {
      events = [...cancelled, ...failRows(rows, error)];
    }
    if (live(rows) === 0) this.#batch = [];
    return { pass, events };
  }

  /** How many of `waiting` tasks start together. */
  protected batchOf(waiting: number): number {
    return waiting;
  }

  close(): void {
    this.#waiting = [];
    this.#batch = [];
  }

  #applyCancellations() {
    const events = cancelRows([...this.#batch, ...this.#waiting], this.#cancelled);
    this.#cancelled.clear();
    this.#waiting = this.#waiting.filter((row) => !row.done);
    if (live(this.#batch) === 0) this.#batch = [];
    return events;
  }

  /** The next pass: decode the batch, or else prefill the next one. Null when there is nobody. */
  #plan(): ForwardPass | null {
    if (this.#batch.length > 0) {
      return { phase: 'decode', rows: this.#batch.length, useful: live(this.#batch) };
    }
    this.#batch = this.#waiting.splice(0, this.batchOf(this.#waiting.length));
    if (this.#batch.length === 0) return null;
    return { phase: 'prefill', rows: this.#batch.length, useful: this.#batch.length };
  }

  #run({ phase }: ForwardPass, rows: readonly Row[]): Promise<readonly number[]> {
    return phase === 'decode'
      ? this.#backend.decode(rows.map((_, slot) => slot))
      : this.#backend.prefill(rows.map(({ task }, slot) => ({ slot, prompt: task.prompt })));
  }
}

const live = (rows: readonly Row[]): number => rows.filter((row) => !row.done).length;
