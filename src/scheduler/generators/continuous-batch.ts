import type { Backend } from '../../core/backend';
import type { RequestId, ServingRequest } from '../../core/request';
import type { ForwardPass, GeneratorEvent, InferenceGenerator, StepResult } from './generator';
import { cancelRows, commitTokens, failRows, newRow, type Row } from './row';

/**
 * Slots instead of batches: a task takes a free slot between two steps and leaves it when it has ended, whatever the
 * others do. A step is one pass, a prefill of the newcomers or a decode of all slots, and two prefills never follow each
 * other while somebody is decoding: newcomers cannot stall those who run.
 */
export class ContinuousBatchGenerator implements InferenceGenerator {
  readonly #backend: Backend;
  readonly #cancelled = new Set<RequestId>();
  #waiting: Row[] = [];
  /** Row of each slot; holes are free slots. */
  #slots: (Row | undefined)[] = [];
  #lastPass: ForwardPass['phase'] = 'decode';

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  room(maxBatch: number): number {
    return Math.max(0, maxBatch - this.size);
  }

  get size(): number {
    return this.#waiting.length + this.#running.length;
  }

  submit(task: ServingRequest): void {
    this.#waiting.push(newRow(task));
  }

  cancel(id: RequestId): void {
    const holds = (row: Row) => row.task.id === id;
    if (this.#waiting.some(holds) || this.#running.some(holds)) this.#cancelled.add(id);
  }

  async step(): Promise<StepResult> {
    const cancelled = this.#applyCancellations();
    const phase = this.#plan();
    if (!phase) return { pass: null, events: cancelled };
    this.#lastPass = phase;
    const { rows, events } = await (phase === 'prefill' ? this.#prefill() : this.#decode());
    this.#freeEnded();
    return { pass: { phase, rows: rows.length, useful: rows.length }, events: [...cancelled, ...events] };
  }

  close(): void {
    this.#waiting = [];
    this.#slots = [];
  }

  get #running(): Row[] {
    return this.#slots.filter((row) => row !== undefined);
  }

  #applyCancellations(): GeneratorEvent[] {
    const events = cancelRows([...this.#running, ...this.#waiting], this.#cancelled);
    this.#cancelled.clear();
    this.#waiting = this.#waiting.filter((row) => !row.done);
    this.#freeEnded();
    return events;
  }

  #plan(): ForwardPass['phase'] | null {
    const decoding = this.#running.length > 0;
    if (this.#waiting.length > 0 && !(decoding && this.#lastPass === 'prefill')) return 'prefill';
    return decoding ? 'decode' : null;
  }

  #prefill() {
    const rows = this.#waiting.splice(0);
    const placed = rows.map((row) => ({ slot: this.#take(row), prompt: row.task.prompt }));
    return this.#run(rows, () => this.#backend.prefill(placed));
  }

  #decode() {
    const rows = this.#running;
    return this.#run(rows, async () => {
      await this.#compact();
      return this.#backend.decode(rows.map((row) => this.#slots.indexOf(row)));
    });
  }

  async #run(rows: readonly Row[], pass: () => Promise<readonly number[]>) {
    try {
      const tokens = await pass();
      return { rows, events: commitTokens(rows, tokens, this.#backend.capabilities.eosTokens) };
    } catch (error) {
      return { rows, events: failRows(rows, error) };
    }
  }

  /** @returns the lowest free slot, now the row's */
  #take(row: Row): number {
    const hole = this.#slots.indexOf(undefined);
    const slot = hole < 0 ? this.#slots.length : hole;
    this.#slots[slot] = row;
    return slot;
  }

  #freeEnded(): void {
    this.#slots = this.#slots.map((row) => (row?.done ? undefined : row));
    while (this.#slots.length > 0 && this.#slots.at(-1) === undefined) this.#slots.pop();
  }

  /** Moves the highest rows into the holes, so that a pass over the first slots computes nobody in vain. */
  async #compact(): Promise<void> {
    for (let hole = this.#slots.indexOf(undefined); hole >= 0; hole = this.#slots.indexOf(undefined)) {
      await this.#backend.moveRow(this.#slots.length - 1, hole);
      this.#slots[hole] = this.#slots.pop();
      this.#freeEnded();
    }
  }
}
